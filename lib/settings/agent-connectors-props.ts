import type { ConnectorProps } from '../connectors/props.ts';

/**
 * The settings of a deployment. All are optional; on the command line of the app, they are context values of the same
 * names.
 */
export interface AgentConnectorsProps extends ConnectorProps {
  /**
   * Folder of the agent project.
   *
   * @default './project'
   */
  readonly project?: string | undefined;
  /**
   * Number of days to keep runs, deliveries, and their traces: 1 to 3650.
   *
   * @default 30
   */
  readonly retentionDays?: number | undefined;
  /**
   * Maximum number of runs executed at the same time, each in its own function: 2 to 1000.
   *
   * @default 50
   */
  readonly runnerConcurrency?: number | undefined;
  /**
   * Maximum number of delivering functions at the same time, ten deliveries each: 2 to 1000.
   *
   * @default 20
   */
  readonly deliveryConcurrency?: number | undefined;
  /**
   * Memory in MB of the functions that execute agents: 256 to 10240. CPU grows with memory: one full vCPU at 1769.
   *
   * @default 512
   */
  readonly agentMemoryMb?: number | undefined;
  /**
   * Whether traces include the prompts and answers of models, and the arguments and results of tools.
   *
   * @default true
   */
  readonly traceContent?: boolean | undefined;
  /**
   * Concurrency reserved for inbound webhooks, which is also their maximum: 1 to 10000.
   *
   * @default - they share the account's concurrency with all its functions
   */
  readonly webhookReservedConcurrency?: number | undefined;
  /**
   * The same for sync webhooks; each caller occupies one execution until its run has ended.
   *
   * @default - they share the account's concurrency with all its functions
   */
  readonly syncReservedConcurrency?: number | undefined;
  /**
   * The same for the management API and the dashboard.
   *
   * @default - they share the account's concurrency with all its functions
   */
  readonly apiReservedConcurrency?: number | undefined;
  /**
   * Requests per second that the API accepts from all callers together; requires `throttleBurst`.
   *
   * @default - the account's limit
   */
  readonly throttleRate?: number | undefined;
  /**
   * Burst of requests that the API accepts beyond `throttleRate`.
   *
   * @default - the account's limit
   */
  readonly throttleBurst?: number | undefined;
  /**
   * Calls of webhooks that AWS WAF allows from one address in five minutes: 10 to 2000000000. A web ACL costs money
   * even when idle.
   *
   * @default - no web ACL
   */
  readonly wafRateLimit?: number | undefined;
  /**
   * Number of days that CloudWatch keeps logs: one of the periods that it supports.
   *
   * @default 30
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Whether the deployment gives API Gateway a role for writing access logs. An account has one such role per region:
   * set `false` if it already has one.
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
   * Mail address that receives the alarms, after confirming the subscription.
   *
   * @default - none; the topic exists anyway
   */
  readonly alarmEmail?: string | undefined;
  /**
   * Whether the stack has a CloudWatch dashboard with a graph for each alarm. It costs $3 a month once the account's
   * three free dashboards are used.
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
   * Unsupported features of agent files to ignore with a warning instead of an error.
   *
   * @default []
   */
  readonly allowUnsupported?: readonly string[] | undefined;
  /**
   * Name of the environment of the files in `connectors/`, such as `production`.
   *
   * @default - the files name no environments
   */
  readonly connectorEnvironment?: string | undefined;
  /**
   * ARN of a secret whose JSON holds the secrets that files in `connectors/` use, by name.
   *
   * @default - only the named secrets of the system
   */
  readonly connectorSecretsArn?: string | undefined;
  /**
   * A JSON file with your own prices of models, in US dollars per million tokens; see docs/models.md.
   *
   * @default - the public price list
   */
  readonly pricesFile?: string | undefined;
  /**
   * ARN of a secret whose JSON holds keys of model providers under their usual names, such as `GEMINI_API_KEY`.
   *
   * @default - agents can only use models without keys
   */
  readonly providerKeysSecretArn?: string | undefined;
  /**
   * Environment variables for agents' tools and middleware, without secrets; below 4 KB in total.
   *
   * @default {}
   */
  readonly agentEnvironment?: Readonly<Record<string, string>> | undefined;
  /**
   * ARN of a secret whose JSON holds further variables for them. Functions read it with their first run.
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
   * Whether the table is protected from deletion until this is switched off. Switch it on after the first deployment
   * has succeeded: a failed deployment could not be rolled back with it.
   *
   * @default false
   */
  readonly tableDeletionProtection?: boolean | undefined;
  /**
   * ARN of the stream of an existing table to use instead of a new one: a table restored from a backup, or kept from a
   * deleted stack. The stack never changes or deletes it.
   *
   * @default - a table of the deployment's own
   */
  readonly tableStreamArn?: string | undefined;
  /**
   * Name of an existing bucket with the large payloads that the table's records refer to.
   *
   * @default - a bucket of the deployment's own
   */
  readonly payloadBucketName?: string | undefined;
  /**
   * ARN of an existing secret with the key that seals the connectors' secrets in the table.
   *
   * @default - a key of the deployment's own
   */
  readonly sealingKeySecretArn?: string | undefined;
  /**
   * Id of an existing user pool with the groups `operator` and `viewer`.
   *
   * @default - a user pool of the deployment's own
   */
  readonly userPoolId?: string | undefined;
  /**
   * ARN of your KMS key that encrypts the table, payloads, queues, secrets, logs, and the alarm topic. Its policy must
   * let CloudWatch and CloudWatch Logs use it: docs/deploying.md has the statements.
   *
   * @default - keys managed by AWS
   */
  readonly encryptionKey?: string | undefined;
  /**
   * Whether CloudFront logs each request for the dashboard to a bucket of the deployment.
   *
   * @default false
   */
  readonly dashboardAccessLogs?: boolean | undefined;
  /**
   * Public address of the API, if it differs from the deployment's; without a trailing slash.
   *
   * @default - `https://` and `apiDomain`, or the API's own address
   */
  readonly baseUrl?: string | undefined;
  /**
   * Your domain name for webhooks and the management API; requires `apiCertificateArn`.
   *
   * @default - the API's own address
   */
  readonly apiDomain?: string | undefined;
  /**
   * ARN of the certificate of `apiDomain`, in the deployment's region.
   *
   * @default - none
   */
  readonly apiCertificateArn?: string | undefined;
  /**
   * Your domain name for the dashboard; requires `dashboardCertificateArn`.
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
   * Subnets of a VPC from which agents and outbound connectors reach external systems; requires `securityGroupIds`.
   *
   * @default [] outside of every VPC
   */
  readonly subnetIds?: readonly string[] | undefined;
  /**
   * Security groups used in `subnetIds`.
   *
   * @default []
   */
  readonly securityGroupIds?: readonly string[] | undefined;
  /**
   * How long requests may miss a change of their connector, in seconds: 0 to 60. 0 costs one more read per request.
   *
   * @default 5
   */
  readonly connectorCacheSeconds?: number | undefined;
  /**
   * How many runs may lead to another, each to the next, before an event is refused as an endless loop: 0 to 100.
   *
   * @default 10
   */
  readonly maxDepth?: number | undefined;
  /**
   * Names of EventBridge event buses whose events connectors may take, such as `['default']`. With at least one, the
   * deployment has a queue and a function for them, and its API may create rules on these buses.
   *
   * @default [] no rules
   */
  readonly eventBuses?: readonly string[] | undefined;
  /**
   * Whether connectors may take WebSocket connections: the deployment then has an API Gateway WebSocket API, a queue, and
   * two functions for them.
   *
   * @default false
   */
  readonly websocket?: boolean | undefined;
  /**
   * Whether connectors may connect to loopback and private addresses and call them by `http://`, or the ranges that
   * they may, such as `['10.0.0.0/8']`.
   *
   * @default false
   */
  readonly allowPrivateTargets?: boolean | readonly string[] | undefined;
}
