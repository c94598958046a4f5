import { CfnOutput, Names, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { deadLettersOf, mappingsOf } from './connector-binding.ts';
import { bindConnectors } from './connectors/index.ts';
import { wayIds } from './construct-ids.ts';
import { ControlPlane } from './control-plane/control-plane.ts';
import { Dashboard } from './control-plane/dashboard.ts';
import { Gateway } from './control-plane/gateway/gateway.ts';
import { Operators } from './control-plane/operators.ts';
import { ownDomain } from './control-plane/own-domain.ts';
import { AgentsPrincipal } from './functions/agents-principal.ts';
import { applyConnectors } from './functions/apply-connectors.ts';
import { Functions } from './functions/functions.ts';
import { limits } from './limits.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { suppressFindings } from './nag-suppressions.ts';
import { packProject } from './project/pack-project.ts';
import { Outbound } from './queues/outbound.ts';
import { Reconciler } from './queues/reconciler.ts';
import { Runner } from './queues/runner.ts';
import { WorkQueue } from './queues/work-queue.ts';
import type { AgentConnectorsProps } from './settings/agent-connectors-props.ts';
import { parseSettings, type Settings } from './settings/settings.ts';
import { encryptionKeyOf } from './store/encryption-key.ts';
import { Store } from './store/store.ts';
import { mappingWildcard } from './ways/mapping.ts';
import { RequestWay } from './ways/request.ts';
import { RuleWay } from './ways/rule.ts';
import { ScheduleWay } from './ways/schedule.ts';
import { SocketWay } from './ways/socket.ts';

export type * from './connectors/props.ts';
export type { AgentConnectorsProps } from './settings/agent-connectors-props.ts';

/**
 * The whole system, in the order in which an event passes through it: trigger -> dispatch -> run -> deliver, then what
 * monitors it.
 */
export class AgentConnectors extends Construct implements IGrantable {
  /** Base URL of the system, without a trailing slash. */
  readonly url: string;
  /** Address of the dashboard, without a trailing slash. */
  readonly dashboardUrl: string;
  /** The command that prints the token for the first calls of the management API. */
  readonly firstOperatorHint: string;
  /** Executes agents: `orders.grantReadData(connectors)` lets the tools of all agents read that table. */
  readonly grantPrincipal: IPrincipal;
  /** Receives alarms; more subscribers can be added. */
  readonly alarmTopic: Topic;
  /** Holds every record, for backups, metrics, and exports. The format of its items is internal. */
  readonly table: Table | ITable;

  /** @throws Error with every problem of the settings or of the project, before anything is created */
  constructor(scope: Construct, id: string, props: AgentConnectorsProps = {}) {
    super(scope, id);
    const settings = parseSettings(props);
    const project = packProject(settings);
    const removalPolicy = removalPolicyOf(settings);
    const encryptionKey = encryptionKeyOf(this, settings.encryptionKey);
    const deploymentName = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });

    const store = new Store(this, 'Store', {
      adopted: settings,
      removalPolicy,
      retentionDays: settings.retentionDays,
      deletionProtection: settings.tableDeletionProtection,
      encryptionKey,
    });
    const operators = new Operators(this, 'Operators', {
      adoptedPoolId: settings.userPoolId,
      removalPolicy,
      encryptionKey,
    });
    const runs = new WorkQueue(this, 'Runs', {
      functionTimeoutSeconds: limits.functionSeconds,
      encryptionKey,
    });
    const deliveries = new WorkQueue(this, 'Deliveries', {
      functionTimeoutSeconds: limits.deliverSeconds,
      encryptionKey,
    });
    const schedules = new ScheduleWay(this, wayIds.schedule, encryptionKey);
    const { eventBuses: buses } = settings;
    const rules = buses.length === 0 ? undefined : new RuleWay(this, wayIds.rule, { buses, encryptionKey });
    const sockets = settings.websocket
      ? new SocketWay(this, wayIds.socket, { deploymentName, settings, removalPolicy, encryptionKey })
      : undefined;
    const bindings = bindConnectors(this, settings, encryptionKey);
    const functions = new Functions(this, 'Functions', {
      deploymentName,
      settings,
      project,
      store,
      operators,
      runs,
      deliveries,
      schedules,
      rules,
      sockets,
      bindings,
      removalPolicy,
      encryptionKey,
    });

    const { api } = new Gateway(this, 'Gateway', {
      deploymentName,
      settings,
      removalPolicy,
      domain: ownDomain(settings.apiDomain, settings.apiCertificateArn),
      encryptionKey,
    });
    this.url = settings.baseUrl ?? api.url.replace(/\/$/, '');
    new RequestWay(this, wayIds.request, {
      root: api.root,
      inbound: functions.request,
      sync: functions.requestSync,
    });
    if (functions.sockets !== undefined) {
      const { answering, executing } = functions.sockets;
      sockets?.serveWith(answering, executing, settings.runnerConcurrency, api);
    }
    schedules.fireWith(functions.schedule);
    new Runner(this, 'Runner', {
      queue: runs.queue,
      handler: functions.runner,
      concurrency: settings.runnerConcurrency,
    });
    const outbound = new Outbound(this, 'Outbound', {
      table: store.table,
      plan: functions.outbound,
      deliveries: deliveries.queue,
      deliver: functions.deliver,
      concurrency: settings.deliveryConcurrency,
      encryptionKey,
    });
    new ControlPlane(this, 'ControlPlane', {
      root: api.root,
      api: functions.api,
      events: functions.events,
    });
    const dashboard = new Dashboard(this, 'Dashboard', {
      api,
      baseUrl: this.url,
      operators,
      domain: ownDomain(settings.dashboardDomain, settings.dashboardCertificateArn),
      settings,
      removalPolicy,
    });
    this.dashboardUrl = dashboard.url;

    new Reconciler(this, 'Reconciler', {
      reconcile: functions.reconcile,
      keepDeadLetters: functions.deadLetters,
      deadLetters: [
        runs.deadLetters,
        deliveries.deadLetters,
        schedules.ticks.deadLetters,
        outbound.lostBatches,
        ...(rules === undefined ? [] : [rules.events.deadLetters]),
        ...(sockets === undefined ? [] : [sockets.deadLetters]),
        ...Object.values(deadLettersOf(bindings)),
      ],
    });
    const monitoring = new Monitoring(this, 'Monitoring', {
      deploymentName,
      api,
      tableName: store.table.tableName,
      functions,
      runs,
      deliveries,
      ticks: schedules.ticks,
      ruleEvents: rules?.events,
      sockets,
      lostBatches: outbound.lostBatches,
      bindings,
      alarmEmail: settings.alarmEmail,
      showsGraphs: settings.cloudWatchDashboard,
      encryptionKey,
    });
    if (functions.applyConnectors !== undefined && project.connectors !== undefined) {
      const others = this.node.children;
      applyConnectors(this, functions.applyConnectors, project.connectors).node.addDependency(...others);
    }
    this.firstOperatorHint = operators.firstOperatorHint;
    const executing = [functions.runner, functions.requestSync, functions.sockets?.executing ?? []].flat();
    this.grantPrincipal = new AgentsPrincipal(executing.map(({ ownRole }) => ownRole));
    this.alarmTopic = monitoring.topic;
    this.table = store.table;
    suppressFindings(this, [
      ...store.wildcards,
      ...schedules.wildcards,
      ...(rules?.wildcards ?? []),
      ...(sockets?.wildcards ?? []),
      ...mappingsOf(bindings).map(({ scope }) => mappingWildcard(scope)),
      ...bindings.flatMap(({ nagSuppressions = [] }) => nagSuppressions),
    ]);
  }
}

/**
 * What happens to resources that hold data. Those of a failed first deployment hold none and are deleted with it
 * (CloudFormation user guide, "DeletionPolicy attribute": `RetainExceptOnCreate`).
 */
function removalPolicyOf({ removalPolicy }: Settings): RemovalPolicy {
  return removalPolicy === 'retain' ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}

/** The system as a separate stack. */
export class AgentConnectorsStack extends Stack {
  readonly connectors: AgentConnectors;

  constructor(
    scope: Construct,
    id: string,
    props: StackProps & { readonly settings?: AgentConnectorsProps } = {},
  ) {
    const { settings, ...stackProps } = props;
    super(scope, id, {
      description: 'Agent Connectors: webhooks in, agent runs, signed deliveries out.',
      ...stackProps,
    });
    this.connectors = new AgentConnectors(this, 'Connectors', settings);
    new CfnOutput(this, 'ApiUrl', {
      description: 'Webhooks and the management API are below this address.',
      value: this.connectors.url,
    });
    new CfnOutput(this, 'DashboardUrl', {
      description: 'Users of the user pool sign in here.',
      value: this.connectors.dashboardUrl,
    });
    new CfnOutput(this, 'FirstOperatorHint', {
      description: 'Prints the token for the first calls of the management API.',
      value: this.connectors.firstOperatorHint,
    });
  }
}
