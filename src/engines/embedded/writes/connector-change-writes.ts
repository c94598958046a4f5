import type { Connector } from '../../../core/connectors/connector.ts';
import type { AuditEntry } from '../../../core/ports/audit-log.ts';
import { type Connection, number } from '../store/connection.ts';
import { connectionCheck, type connectorWrites, nameHolders } from './connector-writes.ts';
import type { noteWrites } from './note-writes.ts';

/** Secrets as one write can replace them. */
export interface SealedSecrets {
  /** `null` if the connector has none. */
  readonly seen: Uint8Array | null;
  readonly sealed: Uint8Array;
}

/** Changes of many connectors. */
export interface ConnectorChangeWrite {
  readonly created: readonly { readonly connector: Connector; readonly secrets: SealedSecrets | null }[];
  readonly changed: readonly {
    readonly before: Connector;
    readonly after: Connector;
    readonly secrets: SealedSecrets | null;
  }[];
  readonly removed: readonly Connector[];
  readonly entries: readonly AuditEntry[];
}

/** Writes changes of many connectors in one transaction. */
export function connectorChangeWrites(
  connection: Connection,
  connectors: ReturnType<typeof connectorWrites>,
  notes: ReturnType<typeof noteWrites>,
) {
  const selectVersion = connection.statement('SELECT version FROM connectors WHERE connector_id = ?');
  const isCurrent = connectionCheck(connection);
  const holderOf = nameHolders(connection);
  const putName = connection.statement(
    'INSERT OR REPLACE INTO connector_names (name, connector_id, claimed_at) VALUES (?, ?, ?)',
  );
  const selectSealed = connection.statement('SELECT 1 FROM secrets WHERE connector_id = ? AND sealed = ?');
  const selectAnySealed = connection.statement('SELECT 1 FROM secrets WHERE connector_id = ?');

  const isAsSeen = ({ id, version }: Connector) => {
    const row = selectVersion.get(id);
    return row !== undefined && number(row, 'version') === version;
  };
  const areAsSeen = (connectorId: string, secrets: SealedSecrets | null) => {
    if (secrets === null) return true;
    if (secrets.seen === null) return selectAnySealed.get(connectorId) === undefined;
    return selectSealed.get(connectorId, secrets.seen) !== undefined;
  };
  const putSecrets = (connectorId: string, secrets: SealedSecrets | null) => {
    if (secrets !== null) connectors.replaceSecrets(connectorId, secrets.seen, secrets.sealed);
  };

  return {
    /** @returns false if something is not as seen: nothing is written then */
    changeConnectors({ created, changed, removed, entries }: ConnectorChangeWrite): boolean {
      const seen = [...changed.map(({ before }) => before), ...removed];
      if (!seen.every(isAsSeen)) return false;
      if (!changed.every(({ after, secrets }) => areAsSeen(after.id, secrets))) return false;
      const named = [...created.map(({ connector }) => connector), ...changed.map(({ after }) => after)];
      const mayGiveUp = new Set(seen.map(({ id }) => id));
      const isFree = ({ id, name, updatedAt }: Connector) => {
        const holder = holderOf(name, updatedAt);
        return holder === null || holder === id || mayGiveUp.has(holder);
      };
      if (!named.every(isFree)) return false;
      if (!named.every((connector) => isCurrent(connector, null))) return false;

      for (const { id, name } of removed) {
        connectors.deleteConnector(id);
        connectors.deleteSecrets(id);
        connectors.releaseConnectorName(name, id);
      }
      for (const { before } of changed) connectors.releaseConnectorName(before.name, before.id);
      for (const { connector, secrets } of created) {
        connectors.createConnector(connector);
        putSecrets(connector.id, secrets);
      }
      for (const { after, secrets } of changed) {
        connectors.replaceConnector(after);
        putSecrets(after.id, secrets);
      }
      for (const { id, name, updatedAt } of named) putName.run(name, id, updatedAt);
      for (const entry of entries) notes.appendAuditEntry(entry);
      return true;
    },
  };
}
