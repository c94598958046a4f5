import type { FieldProblem } from '../field-problem.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { agentNotFound, noSuchAgent, type Refusal } from '../refusal.ts';
import type { Connector } from './connector.ts';
import { updateConnector } from './update-connector.ts';

type LinkOutcome =
  | { readonly outcome: 'linked' | 'unlinked' | 'unchanged'; readonly connector: Connector }
  | Refusal<'connector-not-found' | 'agent-not-found'>;

/**
 * Links an agent to a connector, after its other agents. Linking it again changes nothing.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function linkAgent(
  engine: Engine,
  actor: string,
  connectorId: string,
  agentName: string,
): Promise<LinkOutcome> {
  const stored = await engine.connectors.get(connectorId);
  if (stored?.agents.includes(agentName)) return { outcome: 'unchanged', connector: stored };
  const updated = await updateConnector(engine, connectorId, (connector) =>
    engine.agents.get(agentName) === null
      ? agentNotFound(agentName, engine.agents)
      : { agents: linking(connector, agentName) },
  );
  if (updated.outcome === 'refused') return updated;
  await recordAction(engine, actor, 'connector.linked', connectorId, `Linked agent "${agentName}".`);
  return { outcome: 'linked', connector: updated.connector };
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
  }));
  if (updated.outcome === 'refused') return updated;
  await recordAction(engine, actor, 'connector.unlinked', connectorId, `Unlinked agent "${agentName}".`);
  return { outcome: 'unlinked', connector: updated.connector };
}

function linking(connector: Connector, agentName: string): readonly string[] {
  return connector.agents.includes(agentName) ? connector.agents : [...connector.agents, agentName];
}

/**
 * Problems of a list of agents to link: agents that the project does not have, and duplicates.
 *
 * @param linked agents already linked, which may have left the project since
 */
export function agentProblems(
  engine: Engine,
  agents: readonly string[],
  linked: readonly string[] = [],
): FieldProblem[] {
  return agents.flatMap((name, index) => {
    const field = `agents.${index}`;
    if (agents.indexOf(name) !== index) return [{ field, message: `"${name}" is listed twice` }];
    if (linked.includes(name) || engine.agents.get(name) !== null) return [];
    return [{ field, message: noSuchAgent(name, engine.agents) }];
  });
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
