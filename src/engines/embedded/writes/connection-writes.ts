import type { NamedConnection } from '../../../core/connections/named-connection.ts';
import { type Connection, number } from '../store/connection.ts';

/** Writes to named connections. */
export function connectionWrites(connection: Connection) {
  const insert = connection.statement(`
    INSERT INTO connections (connection_id, name, kind, version, is_pending, record, sealed)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const selectVersion = connection.statement('SELECT version FROM connections WHERE connection_id = ?');
  const selectNamed = connection.statement('SELECT 1 FROM connections WHERE name = ? AND connection_id != ?');
  const update = connection.statement(`
    UPDATE connections SET name = ?, version = ?, is_pending = ?, record = ?, sealed = ?
    WHERE connection_id = ?`);
  const settle = connection.statement(`
    UPDATE connections SET is_pending = 0, record = json_set(record, '$.isPending', json('false'))
    WHERE connection_id = ? AND version = ?`);
  const selectUser = connection.statement(
    `SELECT 1 FROM connectors WHERE json_extract(record, '$.connection.id') = ? LIMIT 1`,
  );
  const remove = connection.statement('DELETE FROM connections WHERE connection_id = ?');
  return {
    /** @returns whether it was created; `false` if another connection has the name */
    createConnection(named: NamedConnection, sealed: Uint8Array): boolean {
      const { id, name, kind, version, isPending } = named;
      return insert.run(id, name, kind, version, Number(isPending), JSON.stringify(named), sealed) > 0;
    },
    /** Writes `named` if the stored version directly precedes it. */
    replaceConnection(
      named: NamedConnection,
      sealed: Uint8Array,
    ): 'replaced' | 'name-taken' | 'changed-meanwhile' | 'missing' {
      const { id, name, version, isPending } = named;
      const row = selectVersion.get(id);
      if (row === undefined) return 'missing';
      if (number(row, 'version') !== version - 1) return 'changed-meanwhile';
      if (selectNamed.get(name, id) !== undefined) return 'name-taken';
      update.run(name, version, Number(isPending), JSON.stringify(named), sealed, id);
      return 'replaced';
    },
    settleConnection(connectionId: string, version: number): void {
      settle.run(connectionId, version);
    },
    deleteConnection(connectionId: string): 'deleted' | 'used' | 'missing' {
      if (selectUser.get(connectionId) !== undefined) return 'used';
      return remove.run(connectionId) > 0 ? 'deleted' : 'missing';
    },
  };
}
