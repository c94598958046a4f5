import { deliveryModeOf, toolProblem } from '../deliveries/by-choice.ts';
import type { FieldProblem } from '../field-problem.ts';
import {
  conditionOrNone,
  conditionProblems,
  type GivenLink,
  linkConditionProblems,
  nameOfLink,
  noConditions,
} from '../filters/connector-conditions.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { agentNotFound, noSuchAgent, type Refusal, refuseInvalid } from '../refusal.ts';
import { type Connector, conditionOf } from './connector.ts';
import { updateConnector } from './update-connector.ts';

type LinkOutcome =
  | { readonly outcome: 'linked' | 'unlinked' | 'unchanged'; readonly connector: Connector }
  | Refusal<'connector-not-found' | 'agent-not-found' | 'invalid-request'>;

/**
 * Links an agent to a connector, after its other agents. Linking it again changes nothing but its condition.
 *
 * @param when which events, or which results, the link wants; `null` or blank for all, absent to leave a link as it is
 * @throws RetryableError when the store is unavailable
 */
export async function linkAgent(
  engine: Engine,
  actor: string,
  connectorId: string,
  agentName: string,
  when?: string | null,
): Promise<LinkOutcome> {
  const updated = await updateConnector(engine, connectorId, (connector) => {
    const isLinked = connector.agents.includes(agentName);
    if (isLinked && (when === undefined || conditionOrNone(when) === conditionOf(connector, agentName))) {
      return null;
    }
    const problems = conditionProblems('when', when, connector.mode === 'outbound');
    if (problems.length > 0) return refuseInvalid(problems);
    if (!isLinked && engine.agents.get(agentName) === null) return agentNotFound(agentName, engine.agents);
    const noTool =
      isLinked || deliveryModeOf(connector) !== 'tool' ? null : toolProblem(engine.agents, agentName);
    if (noTool !== null) return refuseInvalid([{ field: 'agent', message: noTool }]);
    const agents = isLinked ? connector.agents : [...connector.agents, agentName];
    return { agents, ...linkConditions(connector, agentName, conditionOrNone(when)) };
  });
  if (updated.outcome !== 'updated') return updated;
  const condition = conditionOf(updated.connector, agentName);
  const detail = `Linked agent "${agentName}"${condition === null ? '' : ` when ${condition}`}.`;
  await recordAction(engine, actor, 'connector.linked', connectorId, detail);
  return { outcome: 'linked', connector: updated.connector };
}

/** The change that sets or removes the condition of one link. */
function linkConditions(
  connector: Connector,
  agentName: string,
  condition: string | null,
): Pick<Connector, 'conditions'> {
  const { conditions = noConditions } = connector;
  if (conditionOf(connector, agentName) === condition) return {};
  const others = Object.entries(conditions.links).filter(([name]) => name !== agentName);
  const links = Object.fromEntries(condition === null ? others : [...others, [agentName, condition]]);
  return { conditions: { ...conditions, links } };
}

/**
 * Removes an agent's link. Does nothing if there is none.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function unlinkAgent(
  engine: Engine,
  actor: string,
  connectorId: string,
  agentName: string,
): Promise<LinkOutcome> {
  const stored = await engine.connectors.get(connectorId);
  if (stored !== null && !stored.agents.includes(agentName))
    return { outcome: 'unchanged', connector: stored };
  const updated = await updateConnector(engine, connectorId, (connector) => ({
    agents: connector.agents.filter((name) => name !== agentName),
    ...linkConditions(connector, agentName, null),
  }));
  if (updated.outcome === 'refused') return updated;
  await recordAction(engine, actor, 'connector.unlinked', connectorId, `Unlinked agent "${agentName}".`);
  return { outcome: 'unlinked', connector: updated.connector };
}

/**
 * Problems of a list of links: agents that the project does not have, duplicates, and conditions that cannot be read.
 *
 * @param linked agents already linked, which may have left the project since
 */
export function linkProblems(
  engine: Pick<Engine, 'agents'>,
  links: readonly GivenLink[],
  isOutbound: boolean,
  linked: readonly string[] = [],
): FieldProblem[] {
  const agents = links.map(nameOfLink);
  const ofAgents = agents.flatMap((name, index) => {
    const field = `agents.${index}`;
    if (agents.indexOf(name) !== index) return [{ field, message: `"${name}" is listed twice` }];
    if (linked.includes(name) || engine.agents.get(name) !== null) return [];
    return [{ field, message: noSuchAgent(name, engine.agents) }];
  });
  return [...ofAgents, ...linkConditionProblems(links, isOutbound)];
}

/**
 * Problems of the origins that an outbound connector is limited to: each must be an inbound or sync connector.
 *
 * @param known origins accepted before, which may have been deleted since
 */
export async function originProblems(
  engine: Engine,
  config: JsonObject,
  known: JsonObject = {},
): Promise<FieldProblem[]> {
  const accepted = originsOf(known);
  const checked = originsOf(config).map(async (id, index) => {
    if (accepted.includes(id)) return [];
    const origin = await engine.connectors.get(id);
    if (origin !== null && origin.mode !== 'outbound') return [];
    const field = `config.from_connectors.${index}`;
    return [{ field, message: `there is no inbound or sync connector with the id "${id}"` }];
  });
  return (await Promise.all(checked)).flat();
}

/** The origins that an outbound connector's configuration names. */
export function originsOf(config: JsonObject): string[] {
  const origins = isJsonObject(config) ? config['from_connectors'] : undefined;
  return Array.isArray(origins) ? origins.filter((origin) => typeof origin === 'string') : [];
}
