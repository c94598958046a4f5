import { connectionChanged } from '../../../core/connections/connection-changed.ts';
import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorChanges } from '../../../core/ports/connector-changes.ts';
import type { ConnectorNames } from '../../../core/ports/connector-names.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import type { Changes } from '../changes.ts';
import { number, type Row, text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { pageOfRows } from '../store/page-of-rows.ts';
import type { ConnectorChangeWrite } from '../writes/connector-change-writes.ts';
import type { EmbeddedSecretStore } from './secret-store.ts';

/** Cached connectors, and as many ids that no connector has. Beyond that, the oldest entry makes room for a new one. */
const maxCached = 10_000;
/** In characters; a UUID has 36. */
const longestId = 100;

interface EmbeddedConnectorStore extends ConnectorStore {
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

/** The writer handles claims one at a time. */
export function createConnectorNames(database: Database): ConnectorNames {
  return {
    claim: (name, connectorId, now) => database.write('claimConnectorName', name, connectorId, now),
    release: (name, connectorId) => database.write('releaseConnectorName', name, connectorId),
  };
}

/** Makes many changes in one transaction: a crash leaves the state before it, or the one after it. */
export function createConnectorChanges(
  database: Database,
  connectors: EmbeddedConnectorStore,
  secrets: EmbeddedSecretStore,
): ConnectorChanges {
  return {
    async apply({ created, changed, removed, entries }) {
      const write: ConnectorChangeWrite = {
        created: created.map(({ connector, secrets: own }) => ({
          connector,
          secrets:
            own.current === null && Object.keys(own.config).length === 0
              ? null
              : secrets.prepare(connector.id, () => own),
        })),
        changed: changed.map(({ before, after, secrets: config }) => ({
          before,
          after,
          secrets: config === null ? null : secrets.prepare(after.id, (stored) => ({ ...stored, config })),
        })),
        removed,
        entries,
      };
      if (!(await database.write('changeConnectors', write))) return 'changed-meanwhile';
      for (const { connector } of created) connectors.written(connector);
      for (const { after } of changed) connectors.written(after);
      for (const { id } of removed) connectors.removed(id);
      return 'applied';
    },
  };
}
