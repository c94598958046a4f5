import { type Connector, linkNames } from '../../../core/connectors/connector.ts';
import { connectorDeletedReason } from '../../../core/deliveries/delivery.ts';
import { claimMs } from '../../../core/ports/connector-names.ts';
import { type Connection, number, numberOrNull, type Row, text, textOrNull } from '../store/connection.ts';

/** Writes to connectors, with their links and secrets. */
export function connectorWrites(connection: Connection) {
  const selectVersion = connection.statement(`
    SELECT version, json_extract(record, '$.connection.id') AS connection_id,
      json_extract(record, '$.connection.version') AS connection_version
    FROM connectors WHERE connector_id = ?`);
  const insert = connection.statement(
    'INSERT INTO connectors (connector_id, type, mode, version, record) VALUES (?, ?, ?, ?, ?)',
  );
  const update = connection.statement('UPDATE connectors SET version = ?, record = ? WHERE connector_id = ?');
  const cancelDeliveries = connection.statement(`
    UPDATE deliveries SET status = 'cancelled', reason = '${connectorDeletedReason}', next_attempt_at = NULL,
      available_at = NULL, lease_owner = NULL
    WHERE connector_id = ? AND status IN ('pending', 'held')`);
  const deleteConnector = connection.statement('DELETE FROM connectors WHERE connector_id = ?');
  const insertSecrets = connection.statement(
    'INSERT INTO secrets (connector_id, sealed) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const replaceSecrets = connection.statement(
    'UPDATE secrets SET sealed = ? WHERE connector_id = ? AND sealed = ?',
  );
  const deleteSecrets = connection.statement('DELETE FROM secrets WHERE connector_id = ?');
  const links = linkWrites(connection);
  const isCurrent = connectionCheck(connection);
  const holderOf = nameHolders(connection);
  const putName = connection.statement(
    'INSERT OR REPLACE INTO connector_names (name, connector_id, claimed_at) VALUES (?, ?, ?)',
  );

  const removeName = connection.statement('DELETE FROM connector_names WHERE name = ? AND connector_id = ?');
  return {
    releaseConnectorName(name: string, connectorId: string): void {
      removeName.run(name, connectorId);
    },
    /** Claims the name, or renews the claim, unless another connector has it or claimed it within the last `claimMs`. */
    claimConnectorName(name: string, connectorId: string, now: number): 'claimed' | 'taken' {
      const holder = holderOf(name, now);
      if (holder !== null && holder !== connectorId) return 'taken';
      putName.run(name, connectorId, now);
      return 'claimed';
    },
    /** @returns whether it was created; `false` if its connection was changed or deleted meanwhile */
    createConnector(connector: Connector): boolean {
      const { id, type, mode, version } = connector;
      if (!isCurrent(connector, null)) return false;
      insert.run(id, type, mode, version, JSON.stringify(connector));
      links.put(connector);
      return true;
    },
    /** Writes `connector` if the stored version directly precedes it, and what it takes from its connection is current. */
    replaceConnector(connector: Connector): 'replaced' | 'changed-meanwhile' | 'missing' {
      const row = selectVersion.get(connector.id);
      if (row === undefined) return 'missing';
      if (number(row, 'version') !== connector.version - 1) return 'changed-meanwhile';
      if (!isCurrent(connector, row)) return 'changed-meanwhile';
      update.run(connector.version, JSON.stringify(connector), connector.id);
      links.put(connector);
      return 'replaced';
    },
    /** @returns whether the connector was there */
    deleteConnector(connectorId: string): boolean {
      links.remove(connectorId);
      cancelDeliveries.run(connectorId);
      return deleteConnector.run(connectorId) > 0;
    },
    /** Writes `sealed` if `seen` is the stored value; @returns whether it is. */
    replaceSecrets(connectorId: string, seen: Uint8Array | null, sealed: Uint8Array): boolean {
      if (seen === null) return insertSecrets.run(connectorId, sealed) > 0;
      return replaceSecrets.run(sealed, connectorId, seen) > 0;
    },
    deleteSecrets(connectorId: string): void {
      deleteSecrets.run(connectorId);
    },
  };
}

/** The connector that has a name, or has claimed it within the last `claimMs`; `null` if the name is free. */
export function nameHolders(connection: Connection) {
  const selectHolder = connection.statement(`
    SELECT connector_names.connector_id, claimed_at, json_extract(record, '$.name') AS name
    FROM connector_names LEFT JOIN connectors USING (connector_id) WHERE connector_names.name = ?`);
  return (name: string, now: number): string | null => {
    const row = selectHolder.get(name);
    if (row === undefined) return null;
    const isHeld = textOrNull(row, 'name') === name || now - number(row, 'claimed_at') < claimMs;
    return isHeld ? text(row, 'connector_id') : null;
  };
}

/**
 * Whether what a connector takes from its connection is from the connection's current version. Not checked if it was
 * taken before: the stored connector, of which `before` has the columns, has the same.
 */
export function connectionCheck(connection: Connection) {
  const selectVersion = connection.statement('SELECT version FROM connections WHERE connection_id = ?');
  return ({ connection: used }: Connector, before: Row | null): boolean => {
    if (used === null) return true;
    const hadVersion = before === null ? null : numberOrNull(before, 'connection_version');
    if (hadVersion === used.version && before !== null && textOrNull(before, 'connection_id') === used.id) {
      return true;
    }
    const row = selectVersion.get(used.id);
    return row !== undefined && number(row, 'version') === used.version;
  };
}

function linkWrites(connection: Connection) {
  const remove = connection.statement('DELETE FROM connector_links WHERE connector_id = ?');
  const insert = connection.statement(
    'INSERT OR IGNORE INTO connector_links (agent_name, connector_id, mode) VALUES (?, ?, ?)',
  );
  return {
    put(connector: Connector): void {
      const { id, mode } = connector;
      remove.run(id);
      for (const name of linkNames(connector)) insert.run(name, id, mode);
    },
    remove(connectorId: string): void {
      remove.run(connectorId);
    },
  };
}
