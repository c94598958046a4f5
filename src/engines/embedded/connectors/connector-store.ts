import { connectionChanged } from '../../../core/connections/connection-changed.ts';
import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import type { Changes } from '../changes.ts';
import { number, type Row, text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { pageOfRows } from '../store/page-of-rows.ts';

/** Cached connectors, and as many ids that no connector has. Beyond that, the oldest entry makes room for a new one. */
const maxCached = 10_000;
/** In characters; a UUID has 36. */
const longestId = 100;

export interface EmbeddedConnectorStore extends ConnectorStore {
  /** Makes the cache and the watchers follow a write that others have made. @param connector as it is now */
  written(connector: Connector): void;
  /** The same for a connector that is gone. */
  removed(connectorId: string): void;
}

/**
 * Keeps connectors, each with its links in one record. This process is the only writer, so the cache is never stale,
 * and a connector stays the same object until it changes.
 */
export function createConnectorStore(database: Database, changes: Changes): EmbeddedConnectorStore {
  const cache = new Map<string, Connector>();
  // Unknown ids are found as fast as known ones, so response times tell a prober nothing.
  const absent = new Set<string>();
  const statements = connectorStatements(database);

  const remember = (connector: Connector): Connector => {
    if (cache.size >= maxCached) cache.delete(cache.keys().next().value ?? '');
    cache.set(connector.id, connector);
    return connector;
  };
  const connectorOfRow = (row: Row): Connector => {
    const known = cache.get(text(row, 'connector_id'));
    return known?.version === number(row, 'version') ? known : remember(JSON.parse(text(row, 'record')));
  };
  const written = (connector: Connector) => {
    absent.delete(connector.id);
    remember(connector);
    changes.connectorChanged(connector.id);
    changes.publish(() => ({ type: 'connector.updated', connector }));
  };
  const removed = (connectorId: string) => {
    cache.delete(connectorId);
    changes.connectorChanged(connectorId);
    changes.publish(() => ({ type: 'connector.deleted', connectorId }));
  };

  return {
    written,
    removed,
    async get(connectorId) {
      const known = cache.get(connectorId);
      if (known !== undefined) return known;
      if (absent.has(connectorId)) return null;
      const row = statements.select.get(connectorId);
      if (row !== undefined) return connectorOfRow(row);
      // Do not cache overlong ids: a caller that invents ids also chooses their length.
      if (connectorId.length > longestId) return null;
      if (absent.size >= maxCached) absent.delete(absent.values().next().value ?? '');
      absent.add(connectorId);
      return null;
    },
    async create(connector) {
      const isCreated = await database.write('createConnector', connector);
      if (!isCreated) throw connectionChanged(connector);
      written(connector);
    },
    async replace(connector) {
      const outcome = await database.write('replaceConnector', connector);
      if (outcome === 'replaced') written(connector);
      return outcome;
    },
    async delete(connectorId) {
      const isRemoved = await database.write('deleteConnector', connectorId);
      if (!isRemoved) return 'missing';
      removed(connectorId);
      return 'deleted';
    },
    async list(request) {
      const { type = null, mode = null } = request;
      const query = (position: number, limit: number) =>
        statements.selectPage.all(position, type, type, mode, mode, limit);
      return pageOfRows(request, query, connectorOfRow);
    },
    async linkedTo(agentName) {
      return statements.selectLinked.all(agentName).map(connectorOfRow);
    },
    async using(connectionId) {
      return statements.selectUsing.all(connectionId).map(connectorOfRow);
    },
  };
}

function connectorStatements(database: Database) {
  return {
    select: database.statement('SELECT connector_id, version, record FROM connectors WHERE connector_id = ?'),
    selectPage: database.statement(`
      SELECT position, connector_id, version, record FROM connectors
      WHERE position < ? AND (? IS NULL OR type = ?) AND (? IS NULL OR mode = ?) ORDER BY position DESC LIMIT ?`),
    selectLinked: database.statement(`
      SELECT connector_id, version, record FROM connector_links JOIN connectors USING (connector_id)
      WHERE agent_name = ? ORDER BY position`),
    selectUsing: database.statement(`
      SELECT connector_id, version, record FROM connectors
      WHERE json_extract(record, '$.connection.id') = ? ORDER BY position`),
  };
}
