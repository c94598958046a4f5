import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { callAws, isAwsError } from '../../store/aws-errors.ts';

/**
 * Removes the deployment's rules from the account's event buses, on every bus except the kept ones.
 *
 * @param prefix of the rules' names
 * @param kept names of the buses whose rules stay
 * @throws RetryableError when EventBridge is unavailable, and an error of the SDK if a permission is missing
 */
export async function removeRules(
  client: EventBridgeClient,
  prefix: string,
  kept: readonly string[],
): Promise<void> {
  const buses = await busNames(client);
  for (const bus of buses.filter((name) => !kept.includes(name)))
    for (const name of await ruleNames(client, bus, prefix)) await removeRule(client, bus, name);
}

/** Names of a bus's rules that begin with `prefix`; empty if the bus does not exist. */
export async function ruleNames(client: EventBridgeClient, bus: string, prefix: string): Promise<string[]> {
  const { ListRulesCommand } = await import('@aws-sdk/client-eventbridge');
  return eachPage(async (NextToken) => {
    const command = new ListRulesCommand({ EventBusName: bus, NamePrefix: prefix, NextToken });
    const { Rules = [], NextToken: next } = await callAws(client.send(command));
    return { items: Rules.map(({ Name = '' }) => Name), next };
  });
}

async function busNames(client: EventBridgeClient): Promise<string[]> {
  const { ListEventBusesCommand } = await import('@aws-sdk/client-eventbridge');
  return eachPage(async (NextToken) => {
    const { EventBuses = [], NextToken: next } = await callAws(
      client.send(new ListEventBusesCommand({ NextToken })),
    );
    return { items: EventBuses.map(({ Name = '' }) => Name), next };
  });
}

interface NamesPage {
  readonly items: readonly string[];
  readonly next: string | undefined;
}

async function eachPage(read: (token: string | undefined) => Promise<NamesPage>): Promise<string[]> {
  const found: string[] = [];
  let token: string | undefined;
  do {
    const page: NamesPage = await read(token).catch(emptyWithoutBus);
    found.push(...page.items);
    token = page.next;
  } while (token !== undefined);
  return found;
}

function emptyWithoutBus(thrown: unknown): NamesPage {
  if (isAwsError(thrown, 'ResourceNotFoundException')) return { items: [], next: undefined };
  throw thrown;
}

/** Removes a rule with its targets; a missing one is no error. */
export async function removeRule(client: EventBridgeClient, bus: string, name: string): Promise<void> {
  const { DeleteRuleCommand, ListTargetsByRuleCommand, RemoveTargetsCommand } = await import(
    '@aws-sdk/client-eventbridge'
  );
  const rule = { Rule: name, EventBusName: bus };
  try {
    const { Targets = [] } = await callAws(client.send(new ListTargetsByRuleCommand(rule)));
    const Ids = Targets.map(({ Id = '' }) => Id);
    if (Ids.length > 0) {
      const sent = await callAws(client.send(new RemoveTargetsCommand({ ...rule, Ids })));
      const [failed] = sent.FailedEntries ?? [];
      if (failed !== undefined)
        throw new Error(`EventBridge did not remove a rule's target: ${failed.ErrorMessage}`);
    }
    await callAws(client.send(new DeleteRuleCommand({ Name: name, EventBusName: bus })));
  } catch (thrown) {
    if (!isAwsError(thrown, 'ResourceNotFoundException')) throw thrown;
  }
}
