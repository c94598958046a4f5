import type { ApiKey } from '../../../core/operators/api-key.ts';
import { roles } from '../../../core/operators/role.ts';
import type { ApiKeyStore } from '../../../core/ports/api-key-store.ts';
import { number, numberOrNull, type Row, text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { pageOfRows } from '../store/page-of-rows.ts';

/** Keeps the API keys of programs that call the management API. */
export function createApiKeyStore(database: Database): ApiKeyStore {
  const select = database.statement('SELECT * FROM api_keys WHERE key_id = ?');
  const selectPage = database.statement(
    'SELECT * FROM api_keys WHERE position < ? ORDER BY position DESC LIMIT ?',
  );
  return {
    create: async (key) => ((await database.write('createApiKey', key)) ? 'created' : 'name-taken'),
    async get(keyId) {
      const row = select.get(keyId);
      return row === undefined ? null : apiKeyOfRow(row);
    },
    async list(request) {
      return pageOfRows(request, (position, limit) => selectPage.all(position, limit), apiKeyOfRow);
    },
    noteUse: (keyId, at) => database.write('noteApiKeyUse', keyId, at),
    revoke: ({ keyId }, at) => database.write('revokeApiKey', keyId, at),
  };
}

function apiKeyOfRow(row: Row): ApiKey {
  const role = roles.find((known) => known === text(row, 'role'));
  if (role === undefined) throw new Error(`an API key is stored with the role ${text(row, 'role')}`);
  return {
    keyId: text(row, 'key_id'),
    name: text(row, 'name'),
    role,
    sha256: text(row, 'sha256'),
    beginsWith: text(row, 'begins_with'),
    createdAt: number(row, 'created_at'),
    createdBy: text(row, 'created_by'),
    lastUsedAt: numberOrNull(row, 'last_used_at'),
    expiresAt: numberOrNull(row, 'expires_at'),
    revokedAt: numberOrNull(row, 'revoked_at'),
  };
}
