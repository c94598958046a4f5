import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { FunctionVariables } from '../src/engines/aws/entry/function-environment.ts';
import { limits } from './limits.ts';
import { type House, NodeFunction, type NodeFunctionProps, type Permission } from './node-function.ts';
import type { Operators } from './operators.ts';
import {
  type ClusterActions,
  onClusters,
  onPayloads,
  onTable,
  readSecrets,
  sendTo,
  useBedrock,
} from './permissions.ts';
import type { PackedProject } from './project/pack-project.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store.ts';
import type { CronTrigger } from './triggers/cron.ts';
import type { KafkaTrigger } from './triggers/kafka.ts';
import type { WorkQueue } from './work-queue.ts';

export interface FunctionsProps {
  readonly settings: Settings;
  readonly project: PackedProject;
  readonly store: Store;
  readonly operators: Operators;
  readonly runs: WorkQueue;
  readonly deliveries: WorkQueue;
  readonly schedules: CronTrigger;
  /** Absent where the deployment reads no Kafka. */
  readonly topics: KafkaTrigger | undefined;
  readonly removalPolicy: RemovalPolicy;
}

/** MB. Processor time comes with memory: one whole processor at 1769, which loads models and agents' code fastest. */
const memoryMb = { hotPath: 1024, agents: 1769, background: 512 } as const;

/** Every function of the system: its code, its time, its memory, and all that it may do. */
export class Functions extends Construct {
  readonly webhook: NodeFunction;
  readonly webhookSync: NodeFunction;
  readonly cron: NodeFunction;
  /** Absent where the deployment reads no Kafka. */
  readonly kafka: NodeFunction | undefined;
  readonly runner: NodeFunction;
  readonly outbound: NodeFunction;
  readonly deliver: NodeFunction;
  readonly reconcile: NodeFunction;
  readonly deadLetters: NodeFunction;
  readonly api: NodeFunction;
  /** All of them, by construct id. */
  readonly byName: Readonly<Record<string, NodeFunction>>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const { store, runs, deliveries, schedules, operators, project } = props;
    const house = houseOf(props);
    const sealingKey = readSecrets(store.sealingKey.secretArn);
    const toAgents = agentPermissions(this, props);
    const byName: Record<string, NodeFunction> = {};
    this.byName = byName;
    const make = (name: string, own: Omit<NodeFunctionProps, 'house'>) => {
      byName[name] = new NodeFunction(this, name, { house, ...own });
      return byName[name];
    };

    this.webhook = make('Webhook', {
      entry: 'webhook',
      description: 'Takes the triggers of inbound webhooks.',
      timeoutSeconds: limits.inboundSeconds,
      memoryMb: memoryMb.hotPath,
      folders: project.agents,
      permissions: [
        onTable(store, 'GetItem', 'PutItem'),
        onPayloads(store, 'PutObject'),
        sendTo(runs.queue),
        sealingKey,
      ],
    });
    this.webhookSync = make('WebhookSync', {
      entry: 'webhook-sync',
      description: 'Takes the triggers of sync webhooks, executes their runs and answers with the results.',
      timeoutSeconds: limits.functionSeconds,
      memoryMb: memoryMb.agents,
      folders: project.agentsWithCode,
      permissions: [
        onTable(store, 'GetItem', 'PutItem', 'UpdateItem'),
        onPayloads(store, 'GetObject', 'PutObject'),
        sendTo(runs.queue),
        sealingKey,
        ...toAgents,
      ],
    });
    this.cron = make('Cron', {
      entry: 'cron',
      description: 'Fires the ticks of schedules.',
      timeoutSeconds: limits.tickSeconds,
      memoryMb: memoryMb.background,
      folders: project.agents,
      environment: { TICK_QUEUE_URL: schedules.ticks.queue.queueUrl },
      permissions: [
        onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'Query'),
        onPayloads(store, 'PutObject'),
        sendTo(runs.queue),
      ],
    });
    this.kafka = props.topics && makeKafka(make, props, props.topics);
    const sources = sourceManager(schedules, props.topics, this.kafka);
    this.runner = make('Runner', {
      entry: 'runner',
      description: 'Executes queued runs.',
      timeoutSeconds: limits.functionSeconds,
      memoryMb: memoryMb.agents,
      folders: project.agentsWithCode,
      permissions: [
        onTable(store, 'GetItem', 'PutItem', 'UpdateItem'),
        onPayloads(store, 'GetObject', 'PutObject'),
        sendTo(runs.queue),
        ...toAgents,
      ],
    });
    this.outbound = make('Outbound', {
      entry: 'outbound',
      description: 'Plans the deliveries of ended runs.',
      timeoutSeconds: limits.planSeconds,
      memoryMb: memoryMb.background,
      permissions: [
        onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'Query'),
        onPayloads(store, 'GetObject'),
        sendTo(deliveries.queue),
      ],
    });
    this.deliver = make('Deliver', {
      entry: 'deliver',
      description: 'Makes the attempts of deliveries.',
      timeoutSeconds: limits.deliverSeconds,
      memoryMb: memoryMb.background,
      permissions: [
        onTable(store, 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
        onPayloads(store, 'GetObject'),
        sendTo(deliveries.queue),
        sealingKey,
        ...onClusters(props.settings.kafkaClusterArns, producing),
      ],
    });
    this.reconcile = make('Reconcile', {
      entry: 'reconcile',
      description: 'Puts right each minute what did not go on by itself.',
      timeoutSeconds: limits.reconcileSeconds,
      memoryMb: memoryMb.background,
      environment: sources.variables,
      permissions: [
        onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
        onPayloads(store, 'GetObject'),
        sendTo(runs.queue, deliveries.queue),
        ...sources.permissions,
      ],
    });
    this.deadLetters = make('DeadLetters', {
      entry: 'dead-letters',
      description: 'Keeps what no step could take as records that operators see.',
      timeoutSeconds: limits.deadLetterSeconds,
      memoryMb: memoryMb.background,
      environment: {
        RUN_DEAD_LETTERS_ARN: runs.deadLetters.queueArn,
        DELIVERY_DEAD_LETTERS_ARN: deliveries.deadLetters.queueArn,
        TICK_DEAD_LETTERS_ARN: schedules.ticks.deadLetters.queueArn,
        KAFKA_LOST_BATCHES_ARN: props.topics?.lostBatches.queueArn ?? '',
      },
      permissions: [onTable(store, 'GetItem', 'PutItem'), onPayloads(store, 'GetObject')],
    });
    this.api = make('Api', {
      entry: 'api',
      description: 'The management API.',
      timeoutSeconds: limits.functionSeconds,
      memoryMb: memoryMb.hotPath,
      folders: project.agents,
      environment: {
        FIRST_TOKEN_SECRET_ID: operators.firstToken.secretArn,
        USER_POOL_ID: operators.userPool.userPoolId,
        USER_POOL_CLIENT_ID: operators.client.userPoolClientId,
        ...sources.variables,
      },
      permissions: [
        onTable(store, 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
        onPayloads(store, 'GetObject', 'PutObject'),
        sendTo(runs.queue, deliveries.queue),
        readSecrets(store.sealingKey.secretArn, operators.firstToken.secretArn),
        ...sources.permissions,
      ],
    });
  }
}

/** What a producer that is known by its role does on a cluster of MSK. */
const producing: ClusterActions = {
  cluster: ['Connect', 'WriteDataIdempotently'],
  topic: ['DescribeTopic', 'WriteData'],
};

type Make = (name: string, own: Omit<NodeFunctionProps, 'house'>) => NodeFunction;

/** The function behind event sources for Kafka, and the one that removes those when the stack goes. */
function makeKafka(make: Make, { store, runs, project }: FunctionsProps, topics: KafkaTrigger): NodeFunction {
  const reader = make('Kafka', {
    entry: 'kafka',
    description: 'Takes the messages of Kafka topics.',
    timeoutSeconds: limits.kafkaSeconds,
    memoryMb: memoryMb.background,
    folders: project.agents,
    permissions: [
      onTable(store, 'GetItem', 'PutItem'),
      onPayloads(store, 'PutObject'),
      sendTo(runs.queue),
      ...topics.readerPermissions,
    ],
  });
  const remover = make('RemoveSources', {
    entry: 'remove-sources',
    description: 'Removes the event sources of connectors when the stack goes.',
    timeoutSeconds: limits.functionSeconds,
    memoryMb: memoryMb.background,
    environment: topics.variables(reader),
    permissions: topics.managerPermissions(reader),
  });
  topics.readWith(reader);
  topics.removeWith(remover, reader);
  return reader;
}

/** What functions know and may do that make the sources of connectors. */
function sourceManager(
  schedules: CronTrigger,
  topics: KafkaTrigger | undefined,
  reader: NodeFunction | undefined,
) {
  const reads = topics !== undefined && reader !== undefined;
  return {
    variables: { ...schedules.variables, ...(reads ? topics.variables(reader) : {}) },
    permissions: [...schedules.permissions, ...(reads ? topics.managerPermissions(reader) : [])],
  };
}

function houseOf({ settings, store, runs, deliveries, removalPolicy }: FunctionsProps): House {
  const environment: FunctionVariables = {
    TABLE_NAME: store.table.tableName,
    RUN_QUEUE_URL: runs.queue.queueUrl,
    DELIVERY_QUEUE_URL: deliveries.queue.queueUrl,
    PAYLOAD_BUCKET: store.bucket.bucketName,
    KEY_SECRET_ID: store.sealingKey.secretArn,
    RETENTION_DAYS: String(settings.retentionDays),
    CONNECTOR_CACHE_SECONDS: String(settings.connectorCacheSeconds),
    BASE_URL: settings.baseUrl ?? '',
    ALLOW_PRIVATE_TARGETS: settings.allowPrivateTargets ? '1' : '0',
    PROVIDER_KEYS_SECRET_ID: settings.providerKeysSecretArn ?? '',
  };
  return { environment, logRetention: settings.logRetentionDays, removalPolicy };
}

/** What functions that execute agents may do for them. */
function agentPermissions(scope: Construct, { settings, project }: FunctionsProps): readonly Permission[] {
  const keys = settings.providerKeysSecretArn;
  return [
    ...(keys === undefined ? [] : [readSecrets(keys)]),
    ...(project.modelProviders.includes('bedrock') ? [useBedrock(Stack.of(scope))] : []),
  ];
}
