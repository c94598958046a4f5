import { Construct } from 'constructs';
import { privateTargetsText } from '../../src/core/connectors/private-targets.ts';
import type { FunctionVariables } from '../../src/engines/aws/entry/function-environment.ts';
import type { KafkaTrigger } from '../connectors/kafka.ts';
import { runner } from './execute-runs.ts';
import type { FunctionSpec, FunctionsProps } from './function-spec.ts';
import { deliver, outbound } from './make-deliveries.ts';
import { events, managementApi, removeSources } from './manage.ts';
import { sourceManager } from './manage-sources.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import { deadLetters, reconcile } from './recovery.ts';
import { inboundWebhooks, messages, syncWebhooks, ticks } from './take-triggers.ts';

/** Every function of the system; `functions/` says what each is and what it may do. */
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
  readonly events: NodeFunction;
  /** All of them, by construct id. */
  readonly byName: Readonly<Record<string, NodeFunction>>;

  constructor(scope: Construct, id: string, props: FunctionsProps) {
    super(scope, id);
    const defaults = defaultsOf(props);
    const byName: Record<string, NodeFunction> = {};
    this.byName = byName;
    const make: Make = (name, spec) => {
      byName[name] = new NodeFunction(this, name, { defaults, ...spec });
      return byName[name];
    };
    this.webhook = make('Webhook', inboundWebhooks(props));
    this.webhookSync = make('WebhookSync', syncWebhooks(props));
    this.cron = make('Cron', ticks(props));
    this.kafka = props.topics && readTopics(make, props, props.topics);
    const sources = sourceManager(props, this.kafka);
    this.runner = make('Runner', runner(props));
    this.outbound = make('Outbound', outbound(props));
    this.deliver = make('Deliver', deliver(props));
    this.reconcile = make('Reconcile', reconcile(props, sources));
    this.deadLetters = make('DeadLetters', deadLetters(props));
    this.events = make('Events', events(props));
    this.api = make('Api', managementApi(props, sources));
    // Whoever links a new agent or starts its run does so through the API. It learns of new agents last, so that every other
    // function knows them by then.
    this.api.node.addDependency(...Object.values(byName).filter((other) => other !== this.api));
  }
}

type Make = (name: string, spec: FunctionSpec) => NodeFunction;

/** The function behind event sources for Kafka, and the one that removes those when the stack goes. */
function readTopics(make: Make, props: FunctionsProps, topics: KafkaTrigger): NodeFunction {
  const reader = make('Kafka', messages(props, topics));
  topics.readWith(reader);
  topics.removeWith(make('RemoveSources', removeSources(props, topics, reader)), reader);
  return reader;
}

function defaultsOf(props: FunctionsProps): FunctionDefaults {
  const { deploymentName, settings, store, runs, deliveries, removalPolicy, encryptionKey } = props;
  const environment: FunctionVariables = {
    DEPLOYMENT_NAME: deploymentName,
    TABLE_NAME: store.table.tableName,
    RUN_QUEUE_URL: runs.queue.queueUrl,
    DELIVERY_QUEUE_URL: deliveries.queue.queueUrl,
    PAYLOAD_BUCKET: store.bucket.bucketName,
    KEY_SECRET_ID: store.sealingKey.secretArn,
    RETENTION_DAYS: String(settings.retentionDays),
    CONNECTOR_CACHE_SECONDS: String(settings.connectorCacheSeconds),
    BASE_URL: settings.baseUrl ?? '',
    ALLOW_PRIVATE_TARGETS: privateTargetsText(settings.allowPrivateTargets),
    PROVIDER_KEYS_SECRET_ID: settings.providerKeysSecretArn ?? '',
    AGENT_SECRET_ID: settings.agentSecretArn ?? '',
  };
  const { logRetentionDays: logRetention, xRay, subnetIds, securityGroupIds } = settings;
  const network = subnetIds.length === 0 ? null : { subnetIds, securityGroupIds };
  return { environment, logRetention, removalPolicy, xRay, encryptionKey, network };
}
