import type { ConnectorStore } from '../ports/connector-store.ts';
import type { Page } from '../ports/page.ts';
import type { Connector, Mode } from './connector.ts';

/** Connectors per page, which is then about 100 kB. */
const pageSize = 100;

/** All connectors, newest first, or those of one mode. @throws RetryableError when the store is unavailable */
export async function* eachConnector(connectors: ConnectorStore, mode?: Mode): AsyncGenerator<Connector> {
  const only = mode === undefined ? {} : { mode };
  let cursor: string | null = null;
  do {
    const page: Page<Connector> = await connectors.list({ ...only, limit: pageSize, cursor });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
