import { agentOf, type WireConnector } from '../api/contract/index.ts';
import { suggestion } from '../core/nearest-name.ts';
import type { ApiClient } from './api-client.ts';
import { CliFailure } from './cli-failure.ts';
import { timeText } from './time-text.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The connector with this id or name.
 *
 * @throws CliFailure if there is none, or several have the name
 */
export async function findConnector(api: ApiClient, reference: string): Promise<WireConnector> {
  if (uuid.test(reference)) return api.getConnector(reference);
  const all = await allConnectors(api);
  const named = all.filter(({ name }) => name === reference);
  const [first, ...others] = named;
  if (first === undefined) {
    const names = all.map(({ name }) => name);
    throw new CliFailure(
      'notFound',
      `No connector named "${reference}".${suggestion(reference, names)} List them with: npx connectors list`,
    );
  }
  if (others.length === 0) return first;
  throw new CliFailure('usage', ambiguous(reference, named));
}

/** Lists the candidates with what distinguishes them. */
function ambiguous(name: string, named: readonly WireConnector[]): string {
  const lines = named.map(({ id, type, mode, agents, created_at }) => {
    const linked = agents.map(agentOf).join(', ') || 'no agents';
    return `\n  ${id}  ${type}, ${mode}; ${linked}; created ${timeText(created_at)}`;
  });
  return `${named.length} connectors are named "${name}". Use the id of one:${lines.join('')}`;
}

async function allConnectors(api: ApiClient): Promise<WireConnector[]> {
  const found: WireConnector[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.listConnectors({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
