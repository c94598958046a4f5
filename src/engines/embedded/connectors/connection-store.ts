import type { NamedConnection, OpenConnection } from '../../../core/connections/named-connection.ts';
import { PermanentError } from '../../../core/errors.ts';
import type { ConnectionStore } from '../../../core/ports/connection-store.ts';
import { open, seal } from '../../sealing.ts';
import { bytes, type Row, text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { pageOfRows } from '../store/page-of-rows.ts';

/** Keeps named connections, with their secrets sealed with `key` and bound to the connection. */
export function createConnectionStore(database: Database, key: Uint8Array): ConnectionStore {
  const selectById = database.statement('SELECT record, sealed FROM connections WHERE connection_id = ?');
  const selectByName = database.statement('SELECT record, sealed FROM connections WHERE name = ?');
  const selectPage = database.statement(`
    SELECT position, record FROM connections
    WHERE position < ? AND (? IS NULL OR kind = ?) ORDER BY position DESC LIMIT ?`);
  const selectPending = database.statement(
    'SELECT connection_id FROM connections WHERE is_pending = 1 ORDER BY position',
  );
  const opened = (row: Row | undefined): OpenConnection | null => {
    if (row === undefined) return null;
    const connection = connectionOf(row);
    const secrets = open(key, bytes(row, 'sealed'), connection.id);
    if (secrets === null) throw new PermanentError('secret-damaged', 'The stored secrets cannot be opened.');
    return { connection, secrets: JSON.parse(secrets) };
  };
  const sealed = ({ connection, secrets }: OpenConnection) =>
    seal(key, JSON.stringify(secrets), connection.id);
  return {
    async create(created) {
      const isCreated = await database.write('createConnection', created.connection, sealed(created));
      return isCreated ? 'created' : 'name-taken';
    },
    get: async (connectionId) => opened(selectById.get(connectionId)),
    find: async (name) => opened(selectByName.get(name)),
    replace: (changed) => database.write('replaceConnection', changed.connection, sealed(changed)),
    delete: (connectionId) => database.write('deleteConnection', connectionId),
    async list(request) {
      const { kind = null } = request;
      const query = (position: number, limit: number) => selectPage.all(position, kind, kind, limit);
      return pageOfRows(request, query, connectionOf);
    },
    pending: async () => selectPending.all().map((row) => text(row, 'connection_id')),
    settle: (connectionId, version) => database.write('settleConnection', connectionId, version),
  };
}

function connectionOf(row: Row): NamedConnection {
  return JSON.parse(text(row, 'record'));
}
