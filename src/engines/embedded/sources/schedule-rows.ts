import { number, numberOrNull, type Row, text } from '../columns.ts';
import type { Database } from '../database.ts';

/** The next tick of one connector's schedule, as it is stored. */
export interface ScheduleRow {
  readonly connectorId: string;
  /** Of the schedule that the tick belongs to. */
  readonly identity: string;
  /** Unix ms. */
  readonly nextTickAt: number;
}

/** The stored next ticks. What changes them is to be called within a write. */
export function scheduleRows(database: Database) {
  const select = database.statement('SELECT * FROM schedules WHERE connector_id = ?');
  const selectDue = database.statement(
    'SELECT connector_id FROM schedules WHERE next_tick_at <= ? ORDER BY next_tick_at LIMIT ?',
  );
  const selectNext = database.statement('SELECT min(next_tick_at) AS next_tick_at FROM schedules');
  const selectAhead = database.statement('SELECT * FROM schedules WHERE reckoned_at > ?');
  const selectIds = database.statement('SELECT connector_id FROM schedules');
  const put = database.statement(`
    INSERT OR REPLACE INTO schedules (connector_id, identity, next_tick_at, reckoned_at) VALUES (?, ?, ?, ?)`);
  const advance = database.statement(`
    UPDATE schedules SET next_tick_at = ?, reckoned_at = ?
    WHERE connector_id = ? AND identity = ? AND next_tick_at = ?`);
  const remove = database.statement('DELETE FROM schedules WHERE connector_id = ?');
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
    /** Schedules that were reckoned at a time that has not come yet: the clock has gone back. */
    reckonedAfter: (timeMs: number) => selectAhead.all(timeMs).map(scheduleOfRow),
    put({ connectorId, identity, nextTickAt }: ScheduleRow, now: number): void {
      put.run(connectorId, identity, nextTickAt, now);
    },
    /** Moves on from a tick, unless the schedule has been changed meanwhile. */
    advance({ connectorId, identity, nextTickAt }: ScheduleRow, to: number, now: number): void {
      advance.run(to, now, connectorId, identity, nextTickAt);
    },
    remove(connectorId: string): void {
      remove.run(connectorId);
    },
  };
}

function scheduleOfRow(row: Row): ScheduleRow {
  return {
    connectorId: text(row, 'connector_id'),
    identity: text(row, 'identity'),
    nextTickAt: number(row, 'next_tick_at'),
  };
}
