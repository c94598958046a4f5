import type { ApiClient } from './api-client.ts';
import { CliFailure } from './cli-failure.ts';
import { printable } from './printable.ts';

/** Names of connectors, by id. */
export interface ConnectorNames {
  /** `-` for `null`, and `deleted` for a connector that no longer exists. */
  of(connectorId: string | null): string;
}

/**
 * Fetches the names of connectors, each once; none under `--json`, which does not print them.
 *
 * @throws CliFailure if the system does not respond
 */
export async function connectorNames(
  api: ApiClient,
  connectorIds: readonly (string | null)[],
  isJson: boolean,
): Promise<ConnectorNames> {
  const ids = isJson ? [] : [...new Set(connectorIds.filter((id) => id !== null))];
  const named = await Promise.all(ids.map(async (id) => [id, await nameOf(api, id)] as const));
  const names = new Map(named);
  return { of: (id) => (id === null ? '-' : (names.get(id) ?? 'deleted')) };
}

async function nameOf(api: ApiClient, id: string): Promise<string> {
  try {
    return printable((await api.getConnector(id)).name);
  } catch (thrown) {
    if (thrown instanceof CliFailure && thrown.kind === 'notFound') return 'deleted';
    throw thrown;
  }
}
