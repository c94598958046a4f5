import type { Dispatched } from '../../../core/ports/run-store.ts';
import { number } from '../store/columns.ts';
import type { Database } from '../store/database.ts';

/** Seconds after which a sender may find room again. */
const retryAfterSeconds = 5;

/** Counts the queued runs, those that are being written included, so that a flood is refused before anything is stored. */
export class QueueGauge {
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
