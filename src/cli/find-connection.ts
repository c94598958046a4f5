import type { WireConnection } from '../api/contract/index.ts';
import type { ApiClient } from './api-client.ts';
import { CliFailure } from './cli-failure.ts';

/** The connection with this id or name. @throws CliFailure if there is none */
export async function findConnection(api: ApiClient, reference: string): Promise<WireConnection> {
  let cursor: string | undefined;
  do {
    const page = await api.listConnections({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    const found = page.items.find(({ id, name }) => id === reference || name === reference);
    if (found !== undefined) return found;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  throw new CliFailure(
    'notFound',
    `No connection named "${reference}". List them with: npx connectors connections list`,
  );
}
