/** The deploy-time settings of Kafka. */
export interface KafkaProps {
  /**
   * Whether connectors may read Kafka. Adds a function and its permissions.
   *
   * @default false
   */
  readonly kafka?: boolean | undefined;
  /**
   * ARNs of Amazon MSK clusters that connectors may read and write.
   *
   * @default []
   */
  readonly kafkaClusterArns?: readonly string[] | undefined;
  /**
   * Topics whose event sources are part of the stack, each with its connector; at most ten.
   *
   * @default []
   */
  readonly kafkaTopics?: readonly KafkaTopicProps[] | undefined;
  /**
   * Subnets from which self-managed brokers are read; requires `kafkaSecurityGroupIds`.
   *
   * @default - `subnetIds`
   */
  readonly kafkaSubnetIds?: readonly string[] | undefined;
  /**
   * Security groups used in `kafkaSubnetIds`.
   *
   * @default - `securityGroupIds`
   */
  readonly kafkaSecurityGroupIds?: readonly string[] | undefined;
}

/** A Kafka topic that the deployment reads from the start. Give either `clusterArn` or `bootstrapServers`. */
export interface KafkaTopicProps {
  /** Name of the connector. The same name is the same connector in every deployment. */
  readonly name: string;
  readonly topic: string;
  /** ARN of an Amazon MSK cluster. */
  readonly clusterArn?: string | undefined;
  /** `host:port` of self-managed brokers, comma-separated. */
  readonly bootstrapServers?: string | undefined;
  /**
   * How the reader authenticates. All but `none` and `IAM` take the username and password from `secretArn`.
   *
   * @default 'none'
   */
  readonly authentication?: 'none' | 'IAM' | 'SCRAM-SHA-512' | 'SCRAM-SHA-256' | 'PLAIN' | undefined;
  /** ARN of a secret with `username` and `password`. */
  readonly secretArn?: string | undefined;
  /**
   * Consumer group; fixed once the event source exists.
   *
   * @default - a group of the connector's own
   */
  readonly groupId?: string | undefined;
  /**
   * Where a new group starts reading.
   *
   * @default 'latest'
   */
  readonly startAt?: 'latest' | 'earliest' | undefined;
  /**
   * Agents linked when the connector is created; afterwards operators manage the links.
   *
   * @default []
   */
  readonly agents?: readonly string[] | undefined;
}
