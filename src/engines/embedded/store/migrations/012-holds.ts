/** Holds; `runs.waiting_for` names the one that a run waits in. Times are Unix ms. */
export const holds = `
CREATE TABLE holds (
  hold_key TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  by TEXT,
  reason TEXT NOT NULL,
  drain_per_minute REAL,
  draining_since INTEGER,
  next_at REAL
) STRICT, WITHOUT ROWID
`;
