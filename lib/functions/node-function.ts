import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { metricNamespace } from '../../src/engines/aws/entry/log-metrics.ts';
import { bundledCode, type PackedFolder } from '../bundle/bundled-code.ts';
import { encryptedWith } from '../store/encryption-key.ts';
import { connect, connectToNetwork, type Network } from './network.ts';
import { type Permission, statementOf, useOf } from './permissions.ts';

/** What all functions of a deployment have in common. */
export interface FunctionDefaults {
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly xRay: boolean;
  /** Encrypts the logs and everything that functions work on; absent for keys managed by AWS. */
  readonly encryptionKey: IKey | undefined;
  /** The network of functions that reach external systems; `null` for outside any VPC. */
  readonly network: Network | null;
}

export interface NodeFunctionProps {
  readonly defaults: FunctionDefaults;
  /** File name in `lambdas/`, without its extension. */
  readonly entry: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly folders?: readonly PackedFolder[];
  /** Whether its agents or connectors reach external systems. Default: no. */
  readonly reachesOut?: boolean;
  /** Concurrency reserved for the function, which is also its maximum. Absent: the account's shared concurrency. */
  readonly reservedConcurrency?: number | undefined;
  /**
   * What Lambda does when the function seems to call itself through a queue: it drops the call after about 16 rounds,
   * or allows it. Default: drops it.
   */
  readonly recursiveLoop?: RecursiveLoop;
  /** Everything that the function may do besides writing its log. */
  readonly permissions: readonly Permission[];
}

/**
 * A Lambda function with the system's defaults: Node.js 24 on arm64, ES modules that include the AWS SDK, source maps,
 * JSON logs in a log group with a retention period, and a role with only the listed permissions.
 */
export class NodeFunction extends LambdaFunction {
  /** The role with the function's permissions. */
  readonly ownRole: Role;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    const { defaults } = props;
    const network = props.reachesOut === true ? defaults.network : null;
    const { logRetention: retention, removalPolicy, encryptionKey } = defaults;
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention,
      removalPolicy,
      ...encryptedWith(encryptionKey),
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    const permissions = [
      ...props.permissions,
      ...useOf(scope, encryptionKey),
      ...(network === null ? [] : connectToNetwork),
    ];
    for (const permission of permissions) role.addToPolicy(statementOf(permission));
    super(scope, id, {
      code: bundledCode(props.entry, props.folders ?? []),
      handler: 'index.handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: props.entry,
        POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
        ...defaults.environment,
        ...props.environment,
      },
      tracing: defaults.xRay ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      recursiveLoop: props.recursiveLoop ?? RecursiveLoop.TERMINATE,
      loggingFormat: LoggingFormat.JSON,
      // Lambda's own log lines matter only for failed calls; for other calls they are longer than the function's own
      // (Lambda developer guide, "Log-level filtering").
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup,
      role,
    });
    this.ownRole = role;
    if (network !== null) connect(this, network);
  }
}
