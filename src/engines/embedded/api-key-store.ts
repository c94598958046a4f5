import type { ApiKey } from '../../core/api-key.ts';
import type { ApiKeyStore } from '../../core/ports/api-key-store.ts';
import { roles } from '../../core/role.ts';
import { number, numberOrNull, type Row, text } from './columns.ts';
import type { Database } from './database.ts';
import { pageOfRows } from './page-of-rows.ts';

/** Keeps the keys of programs that call the management API. */
export function createApiKeyStore(database: Database): ApiKeyStore {
  const insert = database.statement(`
    INSERT INTO api_keys (key_id, name, role, sha256, begins_with, created_at, created_by, last_used_at,
      expires_at, revoked_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const select = database.statement('SELECT * FROM api_keys WHERE key_id = ?');
  const selectPage = database.statement(
    'SELECT * FROM api_keys WHERE position < ? ORDER BY position DESC LIMIT ?',
  );
  const use = database.statement('UPDATE api_keys SET last_used_at = ? WHERE key_id = ?');
  const revoke = database.statement(
    'UPDATE api_keys SET revoked_at = ? WHERE key_id = ? AND revoked_at IS NULL',
  );
  return {
    async create({ keyId, name, role, sha256, beginsWith, createdAt, createdBy, ...times }) {
      const { lastUsedAt, expiresAt, revokedAt } = times;
      const inserted = await database.write(() =>
        insert.run(
          keyId,
          name,
          role,
          sha256,
          beginsWith,
          createdAt,
          createdBy,
          lastUsedAt,
          expiresAt,
          revokedAt,
        ),
      );
      return inserted > 0 ? 'created' : 'name-taken';
    },
    async get(keyId) {
      const row = select.get(keyId);
      return row === undefined ? null : apiKeyOfRow(row);
    },
    async list(request) {
      return pageOfRows(request, (position, limit) => selectPage.all(position, limit), apiKeyOfRow);
    },
    async noteUse(keyId, at) {
      await database.write(() => use.run(at, keyId));
    },
    async revoke({ keyId }, at) {
      await database.write(() => revoke.run(at, keyId));
    },
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
