import type { Connection } from '../store/connection.ts';

/** The stored next tick of one connector's schedule. */
export interface ScheduleRow {
  readonly connectorId: string;
  /** Of the schedule that the tick was computed from. */
  readonly identity: string;
  /** Unix ms. */
  readonly nextTickAt: number;
}

/** Writes to the stored next ticks. `now` is when they were computed, Unix ms. */
export function scheduleWrites(connection: Connection) {
  const put = connection.statement(`
    INSERT OR REPLACE INTO schedules (connector_id, identity, next_tick_at, reckoned_at) VALUES (?, ?, ?, ?)`);
  const advance = connection.statement(`
    UPDATE schedules SET next_tick_at = ?, reckoned_at = ?
    WHERE connector_id = ? AND identity = ? AND next_tick_at = ?`);
  const remove = connection.statement('DELETE FROM schedules WHERE connector_id = ?');
  return {
    putSchedule({ connectorId, identity, nextTickAt }: ScheduleRow, now: number): void {
      put.run(connectorId, identity, nextTickAt, now);
    },
    /** Advances past a tick, unless the schedule has changed meanwhile. */
    advanceSchedule({ connectorId, identity, nextTickAt }: ScheduleRow, to: number, now: number): void {
      advance.run(to, now, connectorId, identity, nextTickAt);
    },
    removeSchedule(connectorId: string): void {
      remove.run(connectorId);
    },
  };
}
