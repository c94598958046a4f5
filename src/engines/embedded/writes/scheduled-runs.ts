import { type Connection, text } from '../store/connection.ts';

/** Runs queued per operation: takes a few milliseconds. */
const queuedAtATime = 500;

/** Writes about runs that wait for their time. */
export function scheduledRunWrites(connection: Connection) {
  const queueDue = connection.statement(`
    UPDATE runs SET status = 'queued' WHERE position IN (
      SELECT position FROM runs INDEXED BY runs_scheduled
      WHERE status = 'scheduled' AND scheduled_at <= ? ORDER BY scheduled_at, position LIMIT ${queuedAtATime})
    RETURNING run_id, agent_name`);
  const setTime = connection.statement(
    `UPDATE runs SET scheduled_at = ?1, available_at = ?1 WHERE run_id = ?2 AND status = 'scheduled' RETURNING run_id`,
  );
  const select = connection.statement('SELECT 1 FROM runs WHERE run_id = ?');
  return {
    /** Puts runs that are due by `now` (Unix ms) into the queue, the earliest first. */
    queueDueRuns(now: number): readonly { readonly runId: string; readonly agentName: string }[] {
      return queueDue
        .all(now)
        .map((row) => ({ runId: text(row, 'run_id'), agentName: text(row, 'agent_name') }));
    },
    reschedule(runId: string, scheduledAt: number): 'rescheduled' | 'not-scheduled' | 'missing' {
      if (setTime.get(scheduledAt, runId) !== undefined) return 'rescheduled';
      return select.get(runId) === undefined ? 'missing' : 'not-scheduled';
    },
  };
}
