import { numberOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { LaneQueue } from './lane-queue.ts';
import type { LaneQueueSettings } from './lane-source.ts';

/** All scheduled runs share one lane: they only move to the queue of their agent. */
export const scheduledLane = 'scheduled';

/** Puts scheduled runs into the queue when they are due, many in one write. */
export function scheduledQueue(
  database: Database,
  queueDueRuns: (now: number) => Promise<void>,
  settings: Required<Pick<LaneQueueSettings, 'clock' | 'log' | 'lookEveryMs'>>,
): LaneQueue {
  const selectFirst = database.statement(
    `SELECT min(scheduled_at) AS due_at FROM runs INDEXED BY runs_scheduled WHERE status = 'scheduled'`,
  );
  const firstDueAt = () => {
    const row = selectFirst.get();
    return row === undefined ? null : numberOrNull(row, 'due_at');
  };
  return new LaneQueue(
    {
      lanes: () => (firstDueAt() === null ? [] : [scheduledLane]),
      due: (_lane, now) => ((firstDueAt() ?? Number.POSITIVE_INFINITY) <= now ? ['due runs'] : []),
      nextDueAt: firstDueAt,
      work: () => queueDueRuns(settings.clock()),
    },
    { ...settings, failureEvent: 'runs.not-queued', maxInFlight: 1, maxInFlightPerLane: 1 },
  );
}
