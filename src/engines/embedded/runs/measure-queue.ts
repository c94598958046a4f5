import type { QueueDepth } from '../../../core/ports/run-store.ts';
import { number, numberOrNull } from '../store/columns.ts';
import type { Database } from '../store/database.ts';
import { timeOf } from '../store/timed-positions.ts';

/** Says what waits now, from the two indexes that hold nothing else. */
export function measureQueue(database: Database): () => QueueDepth {
  const select = database.statement(`
    SELECT count(*) AS queued, min(position) AS oldest FROM (
      SELECT position FROM runs INDEXED BY runs_in_queue WHERE status = 'queued' AND waiting_for IS NULL
      UNION ALL
      SELECT position FROM runs INDEXED BY runs_waiting WHERE waiting_for IS NOT NULL)`);
  return () => {
    const row = select.get() ?? { queued: 0, oldest: null };
    const oldest = numberOrNull(row, 'oldest');
    return { queued: number(row, 'queued'), oldestQueuedAt: oldest === null ? null : timeOf(oldest) };
  };
}
