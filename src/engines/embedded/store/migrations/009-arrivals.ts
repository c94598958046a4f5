/**
 * `arrival` is the request that brought a trigger, without its body: JSON, NULL if no request did. `record` is a
 * `RefusedRequest` as JSON.
 */
export const arrivals = `
ALTER TABLE triggers ADD COLUMN arrival TEXT;
CREATE TABLE refused_requests (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  connector_id TEXT,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX refused_requests_of_connector ON refused_requests (connector_id) WHERE connector_id IS NOT NULL
`;
