/** Who has a name, or has claimed it. Where two connectors have the same one from before, the older has it. */
export const connectorNames = `
CREATE TABLE connector_names (
  name TEXT PRIMARY KEY,
  connector_id TEXT NOT NULL,
  claimed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO connector_names
  SELECT json_extract(record, '$.name'), connector_id, 0 FROM connectors ORDER BY position
`;
