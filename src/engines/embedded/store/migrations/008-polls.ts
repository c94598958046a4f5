/**
 * Connectors whose source is polled. `cursor` is JSON, NULL before the first poll. `next_poll_at` is NULL while polling
 * is off, and was computed at `reckoned_at`. `health` is JSON.
 */
export const polls = `
CREATE TABLE polls (
  connector_id TEXT PRIMARY KEY,
  cursor TEXT,
  next_poll_at INTEGER,
  reckoned_at INTEGER NOT NULL,
  health TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX polls_by_next_poll ON polls (next_poll_at)
`;
