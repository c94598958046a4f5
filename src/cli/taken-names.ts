import type { ApiClient } from './api-client.ts';

/** The names of all connectors. */
export async function takenNames(api: ApiClient): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await api.listConnectors({ limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    for (const { name } of page.items) names.add(name);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return names;
}
