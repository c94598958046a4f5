/**
 * Triggers that no linked agent wanted; their content is in `triggers`. `agents` is a list as JSON. `sent_at` and
 * `run_ids`, a list as JSON, are set when an operator has sent one through.
 */
export const filteredTriggers = `
CREATE TABLE filtered_triggers (
  position INTEGER PRIMARY KEY,
  trigger_id TEXT NOT NULL UNIQUE,
  connector_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  agents TEXT NOT NULL,
  sent_at INTEGER,
  run_ids TEXT
) STRICT;
CREATE INDEX filtered_triggers_of_connector ON filtered_triggers (connector_id)
`;
