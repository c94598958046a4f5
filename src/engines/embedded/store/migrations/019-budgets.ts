/** Budgets, what runs have used of them, and what calls in progress may use. Amounts are whole units. */
export const budgets = `
CREATE TABLE budgets (
  position INTEGER PRIMARY KEY,
  budget_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE TABLE budget_counters (
  budget_id TEXT NOT NULL,
  period_from INTEGER NOT NULL,
  key TEXT NOT NULL,
  used INTEGER NOT NULL,
  reserved INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (budget_id, period_from, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX budget_counters_expired ON budget_counters (expires_at);
CREATE TABLE budget_reservations (
  reservation_id TEXT NOT NULL,
  budget_id TEXT NOT NULL,
  period_from INTEGER NOT NULL,
  key TEXT NOT NULL,
  amount INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (reservation_id, budget_id, period_from, key)
) STRICT, WITHOUT ROWID;
ALTER TABLE runs ADD COLUMN budgeted INTEGER
`;
