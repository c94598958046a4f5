/** What an operator may choose for Kafka at deploy time. */
export interface KafkaProps {
  /**
   * Whether connectors may read Kafka: there is a function for it then, and permissions.
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
   * Topics whose event sources are in the stack, each with its connector; at most ten.
   *
   * @default []
   */
  readonly kafkaTopics?: readonly KafkaTopicProps[] | undefined;
  /**
   * Subnets from which brokers of your own are read; go with `kafkaSecurityGroupIds`.
   *
   * @default - `subnetIds`
   */
  readonly kafkaSubnetIds?: readonly string[] | undefined;
  /**
   * Security groups in `kafkaSubnetIds`.
   *
   * @default - `securityGroupIds`
   */
  readonly kafkaSecurityGroupIds?: readonly string[] | undefined;
}

/** A Kafka topic that is read from the deployment on. Give either `clusterArn` or `bootstrapServers`. */
export interface KafkaTopicProps {
  /** Of the connector; the same name is the same connector in every deployment. */
  readonly name: string;
  readonly topic: string;
  /** ARN of an Amazon MSK cluster. */
  readonly clusterArn?: string | undefined;
  /** `host:port` of brokers of your own, several with commas between them. */
  readonly bootstrapServers?: string | undefined;
  /**
   * How the reader proves who it is; all but `none` and `IAM` take name and password from `secretArn`.
   *
   * @default 'none'
   */
  readonly authentication?: 'none' | 'IAM' | 'SCRAM-SHA-512' | 'SCRAM-SHA-256' | 'PLAIN' | undefined;
  /** ARN of a secret with `username` and `password`. */
  readonly secretArn?: string | undefined;
  /**
   * Consumer group; fixed once the event source is made.
   *
   * @default - one of the connector's own
   */
  readonly groupId?: string | undefined;
  /**
   * Where a new group begins.
   *
   * @default 'latest'
   */
  readonly startAt?: 'latest' | 'earliest' | undefined;
  /**
   * Agents that are linked when the connector is made; afterwards operators decide.
   *
   * @default []
   */
  readonly agents?: readonly string[] | undefined;
}
