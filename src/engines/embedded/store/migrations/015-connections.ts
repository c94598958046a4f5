/** Named connections, whose values connectors copy into their own records. */
export const connections = `
CREATE TABLE connections (
  position INTEGER PRIMARY KEY,
  connection_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  is_pending INTEGER NOT NULL,
  record TEXT NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
CREATE INDEX pending_connections ON connections (position) WHERE is_pending = 1;
UPDATE connectors SET record = json_set(record, '$.connection', json('null'));
CREATE INDEX connectors_by_connection ON connectors (json_extract(record, '$.connection.id'))
  WHERE json_extract(record, '$.connection.id') IS NOT NULL
`;
