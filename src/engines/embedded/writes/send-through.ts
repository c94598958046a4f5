import { type Connection, text } from '../store/connection.ts';
import type { TimedPositions } from '../store/timed-positions.ts';
import { queuedRunWrites, type RunRow } from './dispatch-runs.ts';

/**
 * Queues runs of a filtered trigger, unless it was sent through before.
 *
 * @param positions of runs
 * @returns whether the runs were stored
 */
export function sendThrough(
  connection: Connection,
  positions: TimedPositions,
): (triggerId: string, runs: readonly RunRow[], now: number) => boolean {
  const mark = connection.statement(`
    UPDATE filtered_triggers SET sent_at = ?, run_ids = ? WHERE trigger_id = ? AND sent_at IS NULL
    RETURNING connector_id`);
  const insert = queuedRunWrites(connection);
  return (triggerId, runs, now) => {
    const marked = mark.get(now, JSON.stringify(runs.map(([runId]) => runId)), triggerId);
    if (marked === undefined) return false;
    const first = positions.next(now, runs.length);
    for (const [index, run] of runs.entries()) {
      insert(first + index, now, triggerId, text(marked, 'connector_id'), run);
    }
    return true;
  };
}
