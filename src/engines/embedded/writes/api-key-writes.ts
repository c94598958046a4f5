import type { ApiKey } from '../../../core/operators/api-key.ts';
import type { Connection } from '../store/connection.ts';

/** Writes to API keys. */
export function apiKeyWrites(connection: Connection) {
  const insert = connection.statement(`
    INSERT INTO api_keys (key_id, name, role, sha256, begins_with, created_at, created_by, last_used_at,
      expires_at, revoked_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const use = connection.statement('UPDATE api_keys SET last_used_at = ? WHERE key_id = ?');
  const revoke = connection.statement(
    'UPDATE api_keys SET revoked_at = ? WHERE key_id = ? AND revoked_at IS NULL',
  );
  return {
    /** @returns whether the key was created; `false` if another key has the name */
    createApiKey(key: ApiKey): boolean {
      const { keyId, name, role, sha256, beginsWith, createdAt, createdBy } = key;
      const { lastUsedAt, expiresAt, revokedAt } = key;
      const made = [keyId, name, role, sha256, beginsWith, createdAt, createdBy];
      return insert.run(...made, lastUsedAt, expiresAt, revokedAt) > 0;
    },
    noteApiKeyUse(keyId: string, at: number): void {
      use.run(at, keyId);
    },
    revokeApiKey(keyId: string, at: number): void {
      revoke.run(at, keyId);
    },
  };
}
