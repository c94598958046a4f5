/**
 * Times are Unix ms; lists of short texts and free-form values are JSON. `position` is the rowid: a row's place in its
 * list. SQLite appends the rowid to every index, so an index on a column is sorted by position within it.
 */
export const firstSchema = `
CREATE TABLE connectors (
  position INTEGER PRIMARY KEY,
  connector_id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  mode TEXT NOT NULL,
  version INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;

CREATE TABLE connector_links (
  agent_name TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  mode TEXT NOT NULL,
  PRIMARY KEY (agent_name, connector_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX connector_links_of_connector ON connector_links (connector_id);

CREATE TABLE secrets (connector_id TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE engine_state (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- A payload is NULL where it lies in payload_file. NULL context is {}, NULL warnings are [].
CREATE TABLE triggers (
  trigger_id TEXT PRIMARY KEY,
  received_at INTEGER NOT NULL,
  payload TEXT,
  payload_file TEXT,
  context TEXT,
  model_input TEXT,
  warnings TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX triggers_with_file ON triggers (payload_file) WHERE payload_file IS NOT NULL;

CREATE TABLE repeat_keys (
  connector_id TEXT NOT NULL,
  key TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  run_ids TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (connector_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX repeat_keys_by_expiry ON repeat_keys (expires_at);

-- waiting_for: the slot that was busy when the run was last offered; the run is not offered until it is woken.
CREATE TABLE runs (
  position INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  trigger_id TEXT NOT NULL,
  agent_name TEXT NOT NULL,
  connector_id TEXT,
  parent_run_id TEXT,
  status TEXT NOT NULL,
  queued_at INTEGER NOT NULL,
  available_at INTEGER NOT NULL,
  waiting_for TEXT,
  concurrency_key TEXT,
  attempts INTEGER NOT NULL,
  lease_owner TEXT,
  lease_until INTEGER,
  slot_keys TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  cancel_requested INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error_message TEXT,
  tokens_input INTEGER,
  tokens_output INTEGER,
  tokens_total INTEGER,
  tokens_cached INTEGER,
  tokens_reasoning INTEGER,
  cost_usd REAL,
  model TEXT
) STRICT;
CREATE UNIQUE INDEX runs_by_id ON runs (run_id);
CREATE INDEX runs_by_agent ON runs (agent_name);
CREATE INDEX runs_by_connector ON runs (connector_id) WHERE connector_id IS NOT NULL;
CREATE INDEX runs_in_queue ON runs (agent_name, available_at) WHERE status = 'queued' AND waiting_for IS NULL;
CREATE INDEX runs_waiting ON runs (waiting_for, available_at) WHERE waiting_for IS NOT NULL;
-- SQLite proves that a query fits a partial index only where a term of the query is a term of the index, to the letter.
CREATE INDEX runs_by_status ON runs (status)
  WHERE status = 'running' OR status = 'failed' OR status = 'cancelled';

CREATE TABLE run_results (
  position INTEGER PRIMARY KEY,
  output TEXT,
  output_file TEXT,
  context TEXT NOT NULL,
  warnings TEXT NOT NULL
) STRICT;
CREATE INDEX run_results_with_file ON run_results (output_file) WHERE output_file IS NOT NULL;

CREATE TABLE traces (position INTEGER PRIMARY KEY, trace TEXT NOT NULL) STRICT;

CREATE TABLE slots (
  slot_key TEXT NOT NULL,
  run_id TEXT NOT NULL,
  PRIMARY KEY (slot_key, run_id)
) STRICT, WITHOUT ROWID;

-- Ended runs whose deliveries are still to be planned.
CREATE TABLE outbox (
  run_id TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_due ON outbox (due_at);

CREATE TABLE deliveries (
  position INTEGER PRIMARY KEY,
  delivery_id TEXT NOT NULL UNIQUE,
  run_id TEXT NOT NULL,
  agent_name TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  status TEXT NOT NULL,
  attempts_in_schedule INTEGER NOT NULL,
  next_attempt_at INTEGER,
  available_at INTEGER,
  lease_owner TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX deliveries_by_run ON deliveries (run_id);
CREATE INDEX deliveries_by_connector ON deliveries (connector_id);
CREATE INDEX deliveries_pending ON deliveries (connector_id, available_at) WHERE status = 'pending';
CREATE INDEX deliveries_by_status ON deliveries (status) WHERE status <> 'delivered';

CREATE TABLE delivery_attempts (
  delivery_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status_code INTEGER,
  error TEXT,
  response_excerpt TEXT,
  PRIMARY KEY (delivery_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  agent_name TEXT NOT NULL,
  session_key TEXT NOT NULL,
  messages TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (agent_name, session_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE audit_log (
  position INTEGER PRIMARY KEY,
  entry_id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT
) STRICT;
CREATE INDEX audit_log_by_subject ON audit_log (subject);

CREATE TABLE dead_letters (
  position INTEGER PRIMARY KEY,
  dead_letter_id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  source TEXT NOT NULL,
  reason TEXT NOT NULL,
  connector_id TEXT,
  run_id TEXT,
  body TEXT NOT NULL
) STRICT
`;
