import type {
  DescribeRuleCommandOutput,
  EventBridgeClient,
  PutRuleCommandInput,
  Target,
} from '@aws-sdk/client-eventbridge';
import type { Connector } from '../../../../core/connectors/connector.ts';
import type { EventRule, RuleWay } from '../../../../core/connectors/ways.ts';
import { messageOf, PermanentError } from '../../../../core/errors.ts';
import type { SourceState } from '../../../../core/ports/connector-sources.ts';
import { callAws, isAwsError } from '../../store/aws-errors.ts';
import { connectorTag } from '../mapping/wanted-mapping.ts';
import { isReading } from '../source-kind.ts';
import { removeRule, ruleNames } from './remove-rules.ts';
import { ruleTemplate } from './rule-message.ts';

/** Where a deployment's rules are, and where they send events. */
export interface RuleConfig {
  /** Prefix of the names of this deployment's rules, and of no others. */
  readonly prefix: string;
  /** Names of the event buses on which rules may be created. */
  readonly buses: readonly string[];
  readonly eventQueueArn: string;
  /** Receives what EventBridge could not send. */
  readonly deadLetterQueueArn: string;
}

/** The rules of connectors in EventBridge. */
export interface Rules {
  /** Creates, updates, disables, or removes the rule of a connector to match its record. */
  follow(connectorId: string, connector: Connector | null, way: RuleWay<unknown> | null): Promise<void>;
  /** State of the rule, as EventBridge reports it. */
  state(connector: Connector, way: RuleWay<unknown>): Promise<SourceState>;
  /**
   * Whether the rule matches the connector's record. Also true if the settings do not allow the rule's bus, which
   * `state` reports.
   */
  isAsWanted(connector: Connector, way: RuleWay<unknown>): Promise<boolean>;
  /** Ids of the connectors with a rule in the account. */
  connectorIds(): Promise<readonly string[]>;
}

/** EventBridge's maximum: a rule whose queue does not accept its message retries for 24 hours, 185 times. */
const retries = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

/** Each rule has one target. */
const targetId = 'event-queue';

/**
 * @param bridge loaded when the first rule is used
 * @param clock Unix ms
 */
export function rules(
  bridge: () => Promise<EventBridgeClient>,
  places: RuleConfig,
  clock: () => number,
): Rules {
  const nameOf = (connectorId: string) => `${places.prefix}${connectorId}`;

  const removeFrom = async (buses: readonly string[], connectorId: string) => {
    for (const bus of buses) await removeRule(await bridge(), bus, nameOf(connectorId));
  };

  const asWanted = async (connector: Connector, way: RuleWay<unknown>) => {
    const { bus, pattern } = way.rule(connector.config);
    // The deployment has no permission to look there.
    if (!places.buses.includes(bus)) return true;
    const client = await bridge();
    const name = nameOf(connector.id);
    const rule = await describe(client, bus, name);
    if (rule === null || !isSame(rule, pattern, isReading(connector))) return false;
    const targets = await targetsOf(client, bus, name);
    return targets.some(({ Arn, InputTransformer }) => {
      const sends = InputTransformer?.InputTemplate === ruleTemplate(connector.id);
      return sends && Arn === places.eventQueueArn;
    });
  };

  return {
    async follow(connectorId, connector, way) {
      if (connector === null || way === null) return removeFrom(places.buses, connectorId);
      const { bus, pattern } = way.rule(connector.config);
      if (!places.buses.includes(bus)) throw unnamed(bus);
      // Remove the old rule first: both rules together would send events twice, while a short gap is expected when the
      // bus changes.
      await removeFrom(
        places.buses.filter((other) => other !== bus),
        connectorId,
      );
      const wanted = ruleInput(places, connector, { bus, pattern });
      const target = targetInput(places, connectorId);
      await put(await bridge(), wanted, target);
    },
    async state(connector, way) {
      const { bus } = way.rule(connector.config);
      if (!places.buses.includes(bus)) return stateOfUnnamed(connector, bus, clock());
      return stateOf(connector, await describe(await bridge(), bus, nameOf(connector.id)));
    },
    isAsWanted: asWanted,
    async connectorIds() {
      const client = await bridge();
      const names = await Promise.all(places.buses.map((bus) => ruleNames(client, bus, places.prefix)));
      return names.flat().map((name) => name.slice(places.prefix.length));
    },
  };
}

function unnamed(bus: string): PermanentError {
  const message = `This deployment cannot create rules on the event bus "${bus}". Deploy it with this bus in the setting eventBuses.`;
  return new PermanentError('bus-not-allowed', message);
}

function ruleInput(
  { prefix }: RuleConfig,
  connector: Connector,
  { bus, pattern }: EventRule,
): PutRuleCommandInput {
  return {
    Name: `${prefix}${connector.id}`,
    EventBusName: bus,
    EventPattern: JSON.stringify(pattern),
    State: isReading(connector) ? 'ENABLED' : 'DISABLED',
    Description: 'Agent Connectors: events of a connector. Change the connector, not this rule.',
    Tags: [{ Key: connectorTag, Value: connector.id }],
  };
}

function targetInput({ eventQueueArn, deadLetterQueueArn }: RuleConfig, connectorId: string): Target {
  return {
    Id: targetId,
    Arn: eventQueueArn,
    InputTransformer: { InputTemplate: ruleTemplate(connectorId) },
    RetryPolicy: retries,
    DeadLetterConfig: { Arn: deadLetterQueueArn },
  };
}

async function put(client: EventBridgeClient, input: PutRuleCommandInput, target: Target): Promise<void> {
  const { PutRuleCommand, PutTargetsCommand } = await import('@aws-sdk/client-eventbridge');
  try {
    await client.send(new PutRuleCommand(input));
  } catch (thrown) {
    const refusal = refusalOf(thrown, input);
    if (refusal !== null) throw new PermanentError('rule-refused', refusal);
    await callAws(Promise.reject(thrown));
  }
  const { Name: Rule, EventBusName } = input;
  const sent = await callAws(client.send(new PutTargetsCommand({ Rule, EventBusName, Targets: [target] })));
  const [failed] = sent.FailedEntries ?? [];
  if (failed !== undefined)
    throw new Error(`EventBridge did not take the rule's target: ${failed.ErrorMessage}`);
}

/**
 * Characters of a pattern, and rules of a bus, unless AWS has raised the account's quotas (EventBridge user guide,
 * "Quotas").
 */
const patternQuota = 2_048;
const rulesQuota = 300;

/** Why EventBridge rejects the rule, as a sentence; `null` for a temporary error. */
function refusalOf(thrown: unknown, { EventPattern = '', EventBusName: bus }: PutRuleCommandInput) {
  if (isAwsError(thrown, 'ResourceNotFoundException')) return `There is no event bus "${bus}".`;
  if (isAwsError(thrown, 'LimitExceededException')) {
    return `The event bus "${bus}" has as many rules as its quota allows (${rulesQuota}, unless AWS has raised it): remove rules, or ask AWS for more.`;
  }
  const refused = ['InvalidEventPatternException', 'ValidationException'].some((name) =>
    isAwsError(thrown, name),
  );
  if (!refused) return null;
  const { length } = EventPattern;
  if (length > patternQuota) {
    return `The event pattern has ${length} characters; EventBridge takes ${patternQuota}, unless AWS has raised the quota.`;
  }
  return `EventBridge rejected the event pattern: ${messageOf(thrown)}`;
}

async function describe(
  client: EventBridgeClient,
  bus: string,
  name: string,
): Promise<DescribeRuleCommandOutput | null> {
  const { DescribeRuleCommand } = await import('@aws-sdk/client-eventbridge');
  try {
    return await callAws(client.send(new DescribeRuleCommand({ Name: name, EventBusName: bus })));
  } catch (thrown) {
    if (isAwsError(thrown, 'ResourceNotFoundException')) return null;
    throw thrown;
  }
}

async function targetsOf(client: EventBridgeClient, bus: string, name: string): Promise<readonly Target[]> {
  const { ListTargetsByRuleCommand } = await import('@aws-sdk/client-eventbridge');
  const found = await callAws(client.send(new ListTargetsByRuleCommand({ Rule: name, EventBusName: bus })));
  return found.Targets ?? [];
}

function isSame({ EventPattern, State }: DescribeRuleCommandOutput, pattern: object, reads: boolean) {
  return EventPattern === JSON.stringify(pattern) && State === (reads ? 'ENABLED' : 'DISABLED');
}

const nothing = { since: null, lastError: null, nextEventAt: null, backlog: null };

/** The bus is no longer in the deployment's settings. */
function stateOfUnnamed(connector: Connector, bus: string, now: number): SourceState {
  if (!isReading(connector)) return { ...nothing, status: 'stopped' };
  return { ...nothing, status: 'failing', lastError: { at: now, message: unnamed(bus).message } };
}

function stateOf(connector: Connector, rule: DescribeRuleCommandOutput | null): SourceState {
  if (rule?.State === 'ENABLED') return { ...nothing, status: 'running' };
  // The rule was removed or disabled outside the product; the next comparison restores it.
  return { ...nothing, status: isReading(connector) ? 'starting' : 'stopped' };
}
