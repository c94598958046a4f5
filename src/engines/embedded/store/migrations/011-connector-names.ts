/** The connector that has or has claimed a name. Of two existing connectors with one name, the older gets it. */
export const connectorNames = `
CREATE TABLE connector_names (
  name TEXT PRIMARY KEY,
  connector_id TEXT NOT NULL,
  claimed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO connector_names
  SELECT json_extract(record, '$.name'), connector_id, 0 FROM connectors ORDER BY position
`;
