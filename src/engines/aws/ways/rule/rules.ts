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

/** Where a deployment's rules are, and what they send to whom. */
export interface RulePlaces {
  /** The name of every rule of the deployment begins so, and no other rule's does. */
  readonly prefix: string;
  /** Names of the event buses that rules may be made on. */
  readonly buses: readonly string[];
  readonly eventQueueArn: string;
  /** Gets what EventBridge could not send. */
  readonly deadLetterQueueArn: string;
}

/** The rules of connectors in EventBridge. */
export interface Rules {
  /** Makes, changes, switches off or removes the rule of a connector, so that it is as its record says. */
  follow(connectorId: string, connector: Connector | null, way: RuleWay<unknown> | null): Promise<void>;
  /** How the rule stands, by what EventBridge says of it. */
  state(connector: Connector, way: RuleWay<unknown>): Promise<SourceState>;
  /** Whether the rule is as the connector's record says; also where it cannot be, which `state` tells. */
  isAsWanted(connector: Connector, way: RuleWay<unknown>): Promise<boolean>;
  /** Ids of the connectors for which a rule is in the account. */
  connectorIds(): Promise<readonly string[]>;
}

/** A rule whose queue does not take its message tries for as long as EventBridge can (24 hours, 185 times). */
const retries = { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 };

/** Each rule has one target. */
const targetId = 'event-queue';

/**
 * @param bridge loaded when the first rule is touched
 * @param clock Unix ms
 */
export function rules(
  bridge: () => Promise<EventBridgeClient>,
  places: RulePlaces,
  clock: () => number,
): Rules {
  const nameOf = (connectorId: string) => `${places.prefix}${connectorId}`;

  const removeFrom = async (buses: readonly string[], connectorId: string) => {
    for (const bus of buses) await removeRule(await bridge(), bus, nameOf(connectorId));
  };

  const asWanted = async (connector: Connector, way: RuleWay<unknown>) => {
    const { bus, pattern } = way.rule(connector.config);
    // The deployment may not even look there.
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
      // Both at once would bring events twice; neither, for a moment, is what a change of the bus means.
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
  const message = `This deployment may not make rules on the event bus "${bus}": deploy it with the bus in the setting eventBuses.`;
  return new PermanentError('bus-not-allowed', message);
}

function ruleInput(
  { prefix }: RulePlaces,
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

function targetInput({ eventQueueArn, deadLetterQueueArn }: RulePlaces, connectorId: string): Target {
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

/** Characters of a pattern, and rules of a bus, unless AWS has raised the account's quotas (EventBridge user guide, "Quotas"). */
const patternQuota = 2_048;
const rulesQuota = 300;

/** Why EventBridge can have no such rule: a sentence; `null` where it may have it at another time. */
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
  return `EventBridge refuses the event pattern: ${messageOf(thrown)}`;
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

/** A later deployment has taken the bus out of its settings. */
function stateOfUnnamed(connector: Connector, bus: string, now: number): SourceState {
  if (!isReading(connector)) return { ...nothing, status: 'stopped' };
  return { ...nothing, status: 'failing', lastError: { at: now, message: unnamed(bus).message } };
}

function stateOf(connector: Connector, rule: DescribeRuleCommandOutput | null): SourceState {
  if (rule?.State === 'ENABLED') return { ...nothing, status: 'running' };
  // Somebody has removed or disabled it: the next comparison puts it back.
  return { ...nothing, status: isReading(connector) ? 'starting' : 'stopped' };
}
