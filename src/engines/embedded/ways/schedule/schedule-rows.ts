import { number, numberOrNull, type Row, text } from '../../store/connection.ts';
import type { Database } from '../../store/database.ts';
import type { ScheduleRow } from '../../writes/schedule-writes.ts';

/** Reads the stored next ticks. */
export function scheduleRows(database: Database) {
  const select = database.statement('SELECT * FROM schedules WHERE connector_id = ?');
  const selectDue = database.statement(
    'SELECT connector_id FROM schedules WHERE next_tick_at <= ? ORDER BY next_tick_at LIMIT ?',
  );
  const selectNext = database.statement('SELECT min(next_tick_at) AS next_tick_at FROM schedules');
  const selectAhead = database.statement('SELECT * FROM schedules WHERE reckoned_at > ?');
  const selectIds = database.statement('SELECT connector_id FROM schedules');
  return {
    get(connectorId: string): ScheduleRow | null {
      const row = select.get(connectorId);
      return row === undefined ? null : scheduleOfRow(row);
    },
    connectorIds: () => selectIds.all().map((row) => text(row, 'connector_id')),
    due: (now: number, limit: number) => selectDue.all(now, limit).map((row) => text(row, 'connector_id')),
    nextDueAt(): number | null {
      const row = selectNext.get();
      return row === undefined ? null : numberOrNull(row, 'next_tick_at');
    },
    /** Schedules that were computed after `timeMs`, in the future: the clock has gone back. */
    computedAfter: (timeMs: number) => selectAhead.all(timeMs).map(scheduleOfRow),
  };
}

function scheduleOfRow(row: Row): ScheduleRow {
  return {
    connectorId: text(row, 'connector_id'),
    identity: text(row, 'identity'),
    nextTickAt: number(row, 'next_tick_at'),
  };
}
