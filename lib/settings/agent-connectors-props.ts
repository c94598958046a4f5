import type { ConnectorProps } from '../connectors/props.ts';

/** What a deployment is like. Everything may be left out; on the command line of the app the same names are context. */
export interface AgentConnectorsProps extends ConnectorProps {
  /**
   * Folder of the agent project.
   *
   * @default './project'
   */
  readonly project?: string | undefined;
  /**
   * For how many days runs, deliveries and their traces are kept: 1 to 3650.
   *
   * @default 30
   */
  readonly retentionDays?: number | undefined;
  /**
   * How many runs are executed at once, each in a function of its own: 2 to 1000.
   *
   * @default 50
   */
  readonly runnerConcurrency?: number | undefined;
  /**
   * How many functions deliver at once, ten deliveries each: 2 to 1000.
   *
   * @default 20
   */
  readonly deliveryConcurrency?: number | undefined;
  /**
   * Memory in MB of the functions that execute agents: 256 to 10240. Processor time comes with it, one
   * whole processor at 1769.
   *
   * @default 512
   */
  readonly agentMemoryMb?: number | undefined;
  /**
   * Whether traces show what models were asked and answered, and the arguments and results of tools.
   *
   * @default true
   */
  readonly traceContent?: boolean | undefined;
  /**
   * Executions that the account keeps free for inbound webhooks, and the most that they ever take: 1 to 10000.
   *
   * @default - they share what the account has with all its functions
   */
  readonly webhookReservedConcurrency?: number | undefined;
  /**
   * The same for sync webhooks, each of whose callers takes one until its run has ended.
   *
   * @default - they share what the account has with all its functions
   */
  readonly syncReservedConcurrency?: number | undefined;
  /**
   * The same for the management API and the dashboard.
   *
   * @default - they share what the account has with all its functions
   */
  readonly apiReservedConcurrency?: number | undefined;
  /**
   * Requests a second that the API takes from all callers together; goes with `throttleBurst`.
   *
   * @default - the account's limit
   */
  readonly throttleRate?: number | undefined;
  /**
   * Requests that the API takes at one moment, before `throttleRate` counts.
   *
   * @default - the account's limit
   */
  readonly throttleBurst?: number | undefined;
  /**
   * Calls of webhooks that AWS WAF lets one address make in five minutes: 10 to 2000000000. A web ACL costs while it stands.
   *
   * @default - no web ACL
   */
  readonly wafRateLimit?: number | undefined;
  /**
   * For how many days CloudWatch keeps logs: one of the periods that it knows.
   *
   * @default 30
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Whether the deployment gives API Gateway a role to write access logs with. An account has one such role a region:
   * `false` where it has one already.
   *
   * @default true
   */
  readonly apiGatewayLogRole?: boolean | undefined;
  /**
   * Whether requests and functions are traced with AWS X-Ray.
   *
   * @default false
   */
  readonly xRay?: boolean | undefined;
  /**
   * Mail address that gets the alarms, after it has confirmed the subscription.
   *
   * @default - nobody; the topic is there
   */
  readonly alarmEmail?: string | undefined;
  /**
   * Whether the stack has a dashboard in CloudWatch with a graph for each alarm. It costs $3 a month where the account's three
   * free ones are used up.
   *
   * @default false
   */
  readonly cloudWatchDashboard?: boolean | undefined;
  /**
   * Prefixes of models that agents may use, such as `gemini`.
   *
   * @default - all
   */
  readonly allowedModelProviders?: readonly string[] | undefined;
  /**
   * Features of agent files that are left aside with a warning instead of refused.
   *
   * @default []
   */
  readonly allowUnsupported?: readonly string[] | undefined;
  /**
   * ARN of a secret whose JSON has keys of model providers under their usual names, such as `GEMINI_API_KEY`.
   *
   * @default - agents have models without keys only
   */
  readonly providerKeysSecretArn?: string | undefined;
  /**
   * Variables that agents' tools and middleware find in their environment, nothing secret; all together below 4 KB.
   *
   * @default {}
   */
  readonly agentEnvironment?: Readonly<Record<string, string>> | undefined;
  /**
   * ARN of a secret whose JSON has further variables for them. Functions read it with their first run.
   *
   * @default - none
   */
  readonly agentSecretArn?: string | undefined;
  /**
   * Whether the data outlives the stack.
   *
   * @default 'retain'
   */
  readonly removalPolicy?: 'retain' | 'destroy' | undefined;
  /**
   * Whether nobody can delete the table before this is switched off again. Switch it on once a first deployment stands: one
   * that fails could not be taken back with it.
   *
   * @default false
   */
  readonly tableDeletionProtection?: boolean | undefined;
  /**
   * ARN of the stream of a table that exists already and is used instead of a new one: one restored from a backup, or kept
   * from a stack that is gone. Never changed or deleted with the stack.
   *
   * @default - a table of the deployment's own
   */
  readonly tableStreamArn?: string | undefined;
  /**
   * Name of a bucket that exists already, with the large payloads that the records of the table refers to.
   *
   * @default - a bucket of the deployment's own
   */
  readonly payloadBucketName?: string | undefined;
  /**
   * ARN of a secret that exists already, with the key that the connectors' secrets in the table are sealed with.
   *
   * @default - a key of the deployment's own
   */
  readonly sealingKeySecretArn?: string | undefined;
  /**
   * Id of a user pool that exists already, with the groups `operator` and `viewer`.
   *
   * @default - a user pool of the deployment's own
   */
  readonly userPoolId?: string | undefined;
  /**
   * ARN of a KMS key of yours that encrypts table, payloads, queues, secrets, logs and the alarms' topic. Its policy has to
   * let CloudWatch and CloudWatch Logs use it: docs/deploying.md has the statements.
   *
   * @default - keys of AWS
   */
  readonly encryptionKey?: string | undefined;
  /**
   * Whether CloudFront logs each request for the dashboard into a bucket of the deployment.
   *
   * @default false
   */
  readonly dashboardAccessLogs?: boolean | undefined;
  /**
   * Public address of the API, where it is not the one that the deployment makes; without a slash at the end.
   *
   * @default - `https://` and `apiDomain`, or the API's own address
   */
  readonly baseUrl?: string | undefined;
  /**
   * A domain name of yours for webhooks and the management API; goes with `apiCertificateArn`.
   *
   * @default - the API's own address
   */
  readonly apiDomain?: string | undefined;
  /**
   * ARN of the certificate of `apiDomain`, in the region of the deployment.
   *
   * @default - none
   */
  readonly apiCertificateArn?: string | undefined;
  /**
   * A domain name of yours for the dashboard; goes with `dashboardCertificateArn`.
   *
   * @default - CloudFront's own address
   */
  readonly dashboardDomain?: string | undefined;
  /**
   * ARN of the certificate of `dashboardDomain`, in us-east-1.
   *
   * @default - none
   */
  readonly dashboardCertificateArn?: string | undefined;
  /**
   * Subnets of a VPC from which agents and outbound connectors reach others' systems; go with `securityGroupIds`.
   *
   * @default [] outside of every VPC
   */
  readonly subnetIds?: readonly string[] | undefined;
  /**
   * Security groups in `subnetIds`.
   *
   * @default []
   */
  readonly securityGroupIds?: readonly string[] | undefined;
  /**
   * For how many seconds requests may not see that their connector was changed: 0 to 60; 0 costs one more read a request.
   *
   * @default 5
   */
  readonly connectorCacheSeconds?: number | undefined;
  /**
   * Names of EventBridge event buses whose events connectors may take, such as `['default']`. With one, the deployment has
   * a queue and a function for them, and its API may make rules on these buses.
   *
   * @default [] no rules
   */
  readonly eventBuses?: readonly string[] | undefined;
  /**
   * Whether connectors may connect to loopback and private addresses, and call them by `http://`; or the ranges that
   * they may, such as `['10.0.0.0/8']`.
   *
   * @default false
   */
  readonly allowPrivateTargets?: boolean | readonly string[] | undefined;
}
