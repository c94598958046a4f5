import type { JsonValue } from '../../../../core/json/json-value.ts';
import { type PollHealth, pollHealth } from '../../../../core/polls/poll-health.ts';
import { numberOrNull, type Row, text, textOrNull } from '../../store/connection.ts';
import type { Database } from '../../store/database.ts';

/** The stored poll of a connector. */
export interface PollRow {
  readonly cursor: JsonValue;
  /** Unix ms; `null` while the connector is not polled. */
  readonly nextPollAt: number | null;
  /** `null` before the first poll. */
  readonly health: PollHealth | null;
}

/** Reads the stored polls. */
export function pollRows(database: Database) {
  const select = database.statement('SELECT * FROM polls WHERE connector_id = ?');
  const selectDue = database.statement(
    'SELECT connector_id FROM polls WHERE next_poll_at <= ? ORDER BY next_poll_at LIMIT ?',
  );
  const selectNext = database.statement('SELECT min(next_poll_at) AS next_poll_at FROM polls');
  const selectAhead = database.statement(
    'SELECT connector_id FROM polls WHERE reckoned_at > ? AND next_poll_at IS NOT NULL',
  );
  const selectIds = database.statement('SELECT connector_id FROM polls');
  const idOf = (row: Row) => text(row, 'connector_id');
  return {
    get(connectorId: string): PollRow | null {
      const row = select.get(connectorId);
      return row === undefined ? null : pollOfRow(row);
    },
    connectorIds: () => selectIds.all().map(idOf),
    due: (now: number, limit: number) => selectDue.all(now, limit).map(idOf),
    nextDueAt(): number | null {
      const row = selectNext.get();
      return row === undefined ? null : numberOrNull(row, 'next_poll_at');
    },
    /** Connectors whose next poll was computed after `timeMs`, in the future: the clock has gone back. */
    reckonedAfter: (timeMs: number) => selectAhead.all(timeMs).map(idOf),
  };
}

function pollOfRow(row: Row): PollRow {
  const health = textOrNull(row, 'health');
  return {
    cursor: JSON.parse(textOrNull(row, 'cursor') ?? 'null'),
    nextPollAt: numberOrNull(row, 'next_poll_at'),
    health: health === null ? null : pollHealth.parse(JSON.parse(health)),
  };
}
