import type { ApiClient } from './api-client.ts';
import { CliFailure } from './cli-failure.ts';
import { printable } from './printable.ts';

/** What people call connectors, by id. */
export interface ConnectorNames {
  /** `-` for none, and `deleted` for one that is not there any more. */
  of(connectorId: string | null): string;
}

/**
 * Asks for the names of connectors, each once. Under `--json` nobody sees them, and nobody is asked.
 *
 * @throws CliFailure where the system gives no answer
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
