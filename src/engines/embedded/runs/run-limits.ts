import type { Dispatched, QueueDepth } from '../../../core/ports/run-store.ts';
import { number, numberOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { timeOf } from '../store/timed-positions.ts';

/** Seconds after which a sender may find room again. */
const retryAfterSeconds = 5;

/** Counts the queued runs, those that are being written included, so that a flood is refused before anything is stored. */
export class QueueDepthLimiter {
  readonly #maxQueuedRuns: number;
  #queuedRuns: number;

  constructor(database: Database, maxQueuedRuns: number) {
    const row = database
      .statement(`
        SELECT (SELECT count(*) FROM runs WHERE status = 'queued' AND waiting_for IS NULL)
          + (SELECT count(*) FROM runs WHERE waiting_for IS NOT NULL) AS queued`)
      .get();
    this.#queuedRuns = row === undefined ? 0 : number(row, 'queued');
    this.#maxQueuedRuns = maxQueuedRuns;
  }

  /** Counts runs that are about to be stored, or none of them where there is no room. */
  take(runs: number): boolean {
    if (this.#queuedRuns + runs > this.#maxQueuedRuns) return false;
    this.#queuedRuns += runs;
    return true;
  }

  overloaded(): Dispatched {
    return { outcome: 'overloaded', retryAfterSeconds };
  }

  /** Runs were given back to the queue, whether there is room or not. */
  givenBack(runs = 1): void {
    this.#queuedRuns += runs;
  }

  /** Queued runs were claimed or cancelled, or not stored after all. */
  left(runs = 1): void {
    this.#queuedRuns = Math.max(0, this.#queuedRuns - runs);
  }
}

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

/**
 * The runs that sync callers wait for: started at once, so that no queue holds them back, and therefore counted, and their
 * payloads weighed. Each is counted before anything of it is stored.
 */
export class HeldRuns {
  readonly #most: number;
  readonly #mostBytes: number;
  /** What the payload of each takes up. */
  readonly #bytes = new Map<string, number>();
  #bytesInHand = 0;

  /** @param mostBytes of all payloads; a larger one has all of it alone */
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
