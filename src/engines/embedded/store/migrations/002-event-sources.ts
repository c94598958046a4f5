/**
 * `identity` is what the next tick was computed from; `reckoned_at` is when (Unix ms), and shows whether the clock has
 * gone back since.
 */
export const eventSources = `
CREATE TABLE schedules (
  connector_id TEXT PRIMARY KEY,
  identity TEXT NOT NULL,
  next_tick_at INTEGER NOT NULL,
  reckoned_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX schedules_by_next_tick ON schedules (next_tick_at);

CREATE TABLE connector_events (
  position INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  connector_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX connector_events_of_connector ON connector_events (connector_id)
`;
