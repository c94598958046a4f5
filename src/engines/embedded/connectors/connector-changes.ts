import type { ConnectorChanges } from '../../../core/ports/connector-changes.ts';
import type { Database } from '../store/database.ts';
import type { ConnectorChangeWrite } from '../writes/connector-change-writes.ts';
import type { EmbeddedConnectorStore } from './connector-store.ts';
import type { EmbeddedSecretStore } from './secret-store.ts';

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
