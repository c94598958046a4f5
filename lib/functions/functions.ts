import type { CustomResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { privateTargetsText } from '../../src/core/connectors/private-targets.ts';
import type { FunctionVariables } from '../../src/engines/aws/entry/function-environment.ts';
import { mappingsOf } from '../connector-binding.ts';
import { wayFunctions } from '../construct-ids.ts';
import { removeWithStack } from '../ways/mapping.ts';
import { connectorsApplier } from './apply-connectors.ts';
import { checkTable, tableCheck } from './check-table.ts';
import { runner } from './execute-runs.ts';
import type { FunctionSpec, FunctionsProps } from './function-spec.ts';
import { deliver, outbound } from './make-deliveries.ts';
import { events, managementApi, removeRules, removeSources } from './manage.ts';
import { sourceManager } from './manage-sources.ts';
import { type FunctionDefaults, NodeFunction } from './node-function.ts';
import { deadLetters, reconcile } from './recovery.ts';
import {
  inboundRequests,
  mappedEvents,
  mayReadObjects,
  ruleEvents,
  socketEvents,
  socketMessages,
  syncRequests,
  ticks,
} from './take-triggers.ts';

/** Every function of the system. The files in `functions/` define what each does and may do. */
export class Functions extends Construct {
  readonly request: NodeFunction;
  readonly requestSync: NodeFunction;
  readonly schedule: NodeFunction;
  /** Absent if no connector of the deployment has an event source mapping. */
  readonly mapping: NodeFunction | undefined;
  /** Absent if connectors may not have rules. */
  readonly rule: NodeFunction | undefined;
  /** Absent if connectors may not have connections. */
  readonly sockets: SocketFunctions | undefined;
  readonly runner: NodeFunction;
  readonly outbound: NodeFunction;
  readonly deliver: NodeFunction;
  readonly reconcile: NodeFunction;
  readonly deadLetters: NodeFunction;
  readonly api: NodeFunction;
  readonly events: NodeFunction;
  /** Absent if the project has no connectors as code. */
  readonly applyConnectors: NodeFunction | undefined;
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
    const check = makeTableCheck(this, make, props);
    this.request = make(wayFunctions.request.id, inboundRequests(props));
    this.requestSync = make(wayFunctions.requestSync.id, syncRequests(props));
    this.schedule = make(wayFunctions.schedule.id, ticks(props));
    this.mapping = makeTaker(make, props);
    this.rule = makeRuleTaker(make, props);
    this.sockets = makeSocketFunctions(make, props);
    const sources = sourceManager(props, this.mapping);
    this.runner = make('Runner', runner(props));
    this.outbound = make('Outbound', outbound(props));
    this.deliver = make('Deliver', deliver(props));
    this.reconcile = make('Reconcile', reconcile(props, sources));
    this.deadLetters = make('DeadLetters', deadLetters(props));
    this.events = make('Events', events(props));
    this.applyConnectors =
      props.project.connectors === undefined
        ? undefined
        : make('ApplyConnectors', connectorsApplier(props, sources));
    this.api = make('Api', managementApi(props, sources));
    if (check !== undefined) this.#comeAfter(check);
    // Operators link new agents and start their runs through the API. It is deployed last, so that every other function
    // already knows new agents.
    this.api.node.addDependency(...Object.values(byName).filter((other) => other !== this.api));
  }

  #comeAfter({ checker, check }: TableCheck): void {
    const others = Object.values(this.byName).filter((other) => other !== checker);
    for (const other of others) other.node.addDependency(check);
  }
}

interface TableCheck {
  readonly checker: NodeFunction;
  readonly check: CustomResource;
}

/** Fails the deployment before any function is created or changed if the adopted table is not usable. */
function makeTableCheck(
  scope: Construct,
  make: Make,
  { store, settings }: FunctionsProps,
): TableCheck | undefined {
  const { tableStreamArn } = settings;
  if (tableStreamArn === undefined) return undefined;
  const checker = make('CheckTable', checkTable(store, tableStreamArn));
  return { checker, check: tableCheck(scope, checker, tableStreamArn) };
}

type Make = (name: string, spec: FunctionSpec) => NodeFunction;

/** The function behind event source mappings, and the one that removes the mappings when the stack is deleted. */
function makeTaker(make: Make, props: FunctionsProps): NodeFunction | undefined {
  const mappings = mappingsOf(props.bindings);
  if (mappings.length === 0) return undefined;
  const taker = make(wayFunctions.mapping.id, mappedEvents(props));
  for (const mapping of mappings) mapping.mapDeployed?.(taker);
  const remover = make('RemoveSources', removeSources(props, taker));
  for (const { scope } of mappings) removeWithStack(scope, remover, taker);
  return taker;
}

/** The function behind the event queue, and the one that removes the rules when the stack is deleted. */
function makeRuleTaker(make: Make, props: FunctionsProps): NodeFunction | undefined {
  const { rules } = props;
  if (rules === undefined) return undefined;
  const taker = make(wayFunctions.rule.id, ruleEvents(props, rules));
  rules.takeWith(taker, { one: mayReadObjects(props.bindings, rules) });
  rules.removeWith(make('RemoveRules', removeRules(rules)));
  return taker;
}

interface SocketFunctions {
  /** Answers API Gateway. */
  readonly answering: NodeFunction;
  /** Executes the runs of messages. */
  readonly executing: NodeFunction;
}

function makeSocketFunctions(make: Make, props: FunctionsProps): SocketFunctions | undefined {
  const { sockets } = props;
  if (sockets === undefined) return undefined;
  return {
    answering: make(wayFunctions.socket.id, socketEvents(props, sockets)),
    executing: make(wayFunctions.socketMessages.id, socketMessages(props, sockets)),
  };
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
    MAX_DEPTH: String(settings.maxDepth),
    ALLOW_PRIVATE_TARGETS: privateTargetsText(settings.allowPrivateTargets),
    PROVIDER_KEYS_SECRET_ID: settings.providerKeysSecretArn ?? '',
    AGENT_SECRET_ID: settings.agentSecretArn ?? '',
  };
  const { logRetentionDays: logRetention, xRay, subnetIds, securityGroupIds } = settings;
  const network = subnetIds.length === 0 ? null : { subnetIds, securityGroupIds };
  return { environment, logRetention, removalPolicy, xRay, encryptionKey, network };
}
