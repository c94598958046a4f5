import type { Connection } from '../store/connection.ts';

/** The next tick of one connector's schedule, as it is stored. */
export interface ScheduleRow {
  readonly connectorId: string;
  /** Of the schedule that the tick belongs to. */
  readonly identity: string;
  /** Unix ms. */
  readonly nextTickAt: number;
}

/** What happens to the stored next ticks. `now` is when they were computed, Unix ms. */
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
    /** Moves on from a tick, unless the schedule has been changed meanwhile. */
    advanceSchedule({ connectorId, identity, nextTickAt }: ScheduleRow, to: number, now: number): void {
      advance.run(to, now, connectorId, identity, nextTickAt);
    },
    removeSchedule(connectorId: string): void {
      remove.run(connectorId);
    },
  };
}
