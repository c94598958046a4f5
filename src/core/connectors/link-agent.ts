import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { agentNotFound, type Refusal } from '../refusal.ts';
import type { Connector } from './connector.ts';
import { updateConnector } from './update-connector.ts';

export type LinkOutcome =
  | { readonly outcome: 'linked' | 'unlinked' | 'unchanged'; readonly connector: Connector }
  | Refusal<'connector-not-found' | 'agent-not-found'>;

/**
 * Links an agent to a connector, as the last one. Linking it again changes nothing.
 *
 * @throws RetryableError when the store is away
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
      ? agentNotFound(agentName)
      : { agents: linking(connector, agentName) },
  );
  if (updated.outcome === 'refused') return updated;
  await recordAction(engine, actor, 'connector.linked', connectorId, `Linked agent "${agentName}".`);
  return { outcome: 'linked', connector: updated.connector };
}

/**
 * Takes an agent's link away. Where there is none, nothing changes.
 *
 * @throws RetryableError when the store is away
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
