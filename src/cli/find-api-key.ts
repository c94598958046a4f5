import type { WireApiKey } from '../api/contract/index.ts';
import type { ApiClient } from './api-client.ts';
import { CliFailure } from './cli-failure.ts';

/**
 * The API key with this id or name. Of several with one name, at most one is not revoked, and that one is meant.
 *
 * @throws CliFailure if there is none
 */
export async function findApiKey(api: ApiClient, reference: string): Promise<WireApiKey> {
  let cursor: string | undefined;
  let revoked: WireApiKey | undefined;
  do {
    const page = await api.listApiKeys({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    const meant = page.items.filter(({ id, name }) => id === reference || name === reference);
    const found = meant.find(({ id, status }) => id === reference || status !== 'revoked');
    if (found !== undefined) return found;
    revoked ??= meant[0];
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  if (revoked !== undefined)
    throw new CliFailure('notFound', `The API key "${reference}" is already revoked.`);
  throw new CliFailure(
    'notFound',
    `No API key named "${reference}". List them with: npx connectors api-keys list`,
  );
}
