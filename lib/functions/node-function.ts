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
  /** Of the logs, and of all that functions work on; absent for keys of AWS. */
  readonly encryptionKey: IKey | undefined;
  /** Where functions that reach others' systems stand; `null` for outside of every VPC. */
  readonly network: Network | null;
}

export interface NodeFunctionProps {
  readonly defaults: FunctionDefaults;
  /** File name in `lambdas/`, without its ending. */
  readonly entry: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly folders?: readonly PackedFolder[];
  /** Whether agents or connectors reach others' systems from it. Default: no. */
  readonly reachesOut?: boolean;
  /** Executions that are kept free for the function, and the most that it takes. Absent: what the account has. */
  readonly reservedConcurrency?: number | undefined;
  /**
   * What Lambda does where calls of the function seem to go in a circle, through a queue to itself: it drops them after
   * about 16, or goes on. Default: drops them.
   */
  readonly recursiveLoop?: RecursiveLoop;
  /** All that the function may do beside writing its log. */
  readonly permissions: readonly Permission[];
}

/**
 * A Lambda function with the defaults of this system: Node.js 24 on arm64, ES modules with the AWS SDK inside and source maps
 * beside them, JSON logs in a log group that forgets, and a role that may do what is written here.
 */
export class NodeFunction extends LambdaFunction {
  /** What the function may do is in it. */
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
      // Lambda's own lines tell of calls that fail only; of others they are longer than what the function writes itself (Lambda
      // developer guide, "Log-level filtering").
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup,
      role,
    });
    this.ownRole = role;
    if (network !== null) connect(this, network);
  }
}
