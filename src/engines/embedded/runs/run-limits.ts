import type { Dispatched, QueueDepth } from '../../../core/ports/run-store.ts';
import { number, numberOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { timeOf } from '../store/timed-positions.ts';

/** After this time, in seconds, a sender may find room again. */
const retryAfterSeconds = 5;

/** Counts queued runs, including those being written, so that a flood is refused before anything is stored. */
export class QueueDepthLimiter {
  readonly #maxQueuedRuns: number;
  #queuedRuns: number;

  constructor(database: Database, maxQueuedRuns: number) {
    const row = database
      .statement(`
        SELECT (SELECT count(*) FROM runs WHERE status = 'queued' AND waiting_for IS NULL)
          + (SELECT count(*) FROM runs WHERE waiting_for IS NOT NULL
            AND waiting_for NOT IN (SELECT hold_key FROM holds)) AS queued`)
      .get();
    this.#queuedRuns = row === undefined ? 0 : number(row, 'queued');
    this.#maxQueuedRuns = maxQueuedRuns;
  }

  /** Reserves places for runs about to be stored; takes none of them if there is no room for all. */
  take(runs: number): boolean {
    if (this.#queuedRuns + runs > this.#maxQueuedRuns) return false;
    this.#queuedRuns += runs;
    return true;
  }

  overloaded(): Extract<Dispatched, { outcome: 'overloaded' }> {
    return { outcome: 'overloaded', retryAfterSeconds };
  }

  /** Counts runs given back to the queue, whether or not there is room. */
  givenBack(runs = 1): void {
    this.#queuedRuns += runs;
  }

  /** Uncounts queued runs that were claimed, cancelled or not stored after all. */
  left(runs = 1): void {
    this.#queuedRuns = Math.max(0, this.#queuedRuns - runs);
  }
}

/** Measures the queue by two indexes that hold only waiting runs. */
export function measureQueue(database: Database): () => QueueDepth {
  const waitingSince = waitingTime(database);
  const select = database.statement(`
    SELECT count(*) AS queued, min(position) AS oldest FROM (
      SELECT position FROM runs INDEXED BY runs_in_queue WHERE status = 'queued' AND waiting_for IS NULL
      UNION ALL
      SELECT position FROM runs INDEXED BY runs_waiting
      WHERE waiting_for IS NOT NULL AND waiting_for NOT IN (SELECT hold_key FROM holds))`);
  return () => {
    const row = select.get() ?? { queued: 0, oldest: null };
    const oldest = numberOrNull(row, 'oldest');
    return { queued: number(row, 'queued'), oldestQueuedAt: oldest === null ? null : waitingSince(oldest) };
  };
}

/** Since when the queued run with the longest wait has waited. @returns a function of the first position in the queue */
function waitingTime(database: Database): (first: number) => number {
  const selectScheduled = database.statement('SELECT scheduled_at FROM runs WHERE position = ?');
  // Reads every queued run, so it is needed only if the first one was scheduled: that one was stored long ago.
  const selectOldest = database.statement(`
    SELECT min(coalesce(scheduled_at, queued_at)) AS waiting_since FROM runs
    WHERE position IN (
      SELECT position FROM runs INDEXED BY runs_in_queue WHERE status = 'queued' AND waiting_for IS NULL
      UNION ALL
      SELECT position FROM runs INDEXED BY runs_waiting
      WHERE waiting_for IS NOT NULL AND waiting_for NOT IN (SELECT hold_key FROM holds))`);
  return (first) => {
    const scheduledAt = numberOrNull(selectScheduled.get(first) ?? { scheduled_at: null }, 'scheduled_at');
    if (scheduledAt === null) return timeOf(first);
    return numberOrNull(selectOldest.get() ?? { waiting_since: null }, 'waiting_since') ?? scheduledAt;
  };
}

/**
 * The runs that sync callers wait for. They start immediately and never queue, so their number and the size of their
 * payloads are limited. Each run is counted before any of it is stored.
 */
export class HeldRuns {
  readonly #most: number;
  readonly #mostBytes: number;
  /** Payload size by run. */
  readonly #bytes = new Map<string, number>();
  #bytesInHand = 0;

  /** @param mostBytes of all payloads; a larger payload is taken only alone */
  constructor(most: number, mostBytes: number) {
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  /** Takes places for all of the runs, each with a payload of that size, or for none. */
  take(runIds: readonly string[], payloadBytes: number): boolean {
    if (this.#bytes.size + runIds.length > this.#most) return false;
    const wanted = runIds.length * payloadBytes;
    if (this.#bytesInHand > 0 && this.#bytesInHand + wanted > this.#mostBytes) return false;
    for (const runId of runIds) this.#bytes.set(runId, payloadBytes);
    this.#bytesInHand += wanted;
    return true;
  }

  /** Frees the place of a run that has one. */
  free(runId: string): void {
    this.#bytesInHand -= this.#bytes.get(runId) ?? 0;
    this.#bytes.delete(runId);
  }
}
