import type { WireConnector } from '../api/contract/index.ts';
import type { ApiClient } from './api-client.ts';
import { CliFailure } from './cli-failure.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The connector that a person means by an id or by a name.
 *
 * @throws CliFailure where there is none, or more than one of the name
 */
export async function findConnector(api: ApiClient, reference: string): Promise<WireConnector> {
  if (uuid.test(reference)) return api.getConnector(reference);
  const named = await connectorsNamed(api, reference);
  const [first, ...others] = named;
  if (first === undefined) {
    throw new CliFailure(
      'notFound',
      `No connector named "${reference}". List them with: npx connectors list`,
    );
  }
  if (others.length === 0) return first;
  const ids = named.map((connector) => connector.id).join(', ');
  throw new CliFailure('usage', `${named.length} connectors are named "${reference}". Use an id: ${ids}`);
}

async function connectorsNamed(api: ApiClient, name: string): Promise<WireConnector[]> {
  const found: WireConnector[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.listConnectors({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.items.filter((connector) => connector.name === name));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
