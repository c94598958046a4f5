/** Only the hash of a management API key is stored. A name is free again once its key is revoked. */
export const apiKeys = `
CREATE TABLE api_keys (
  position INTEGER PRIMARY KEY,
  key_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  begins_with TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  last_used_at INTEGER,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_key_names ON api_keys (name) WHERE revoked_at IS NULL
`;
