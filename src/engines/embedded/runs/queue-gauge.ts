import type { Dispatched } from '../../../core/ports/run-store.ts';
import { number } from '../columns.ts';
import type { Database } from '../database.ts';

/** Seconds after which a sender may find room again. */
const retryAfterSeconds = 5;

/**
 * Counts the queued runs, so that a flood is refused before anything is stored. The count may be off by what is being
 * written at the moment.
 */
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

  hasRoomFor(runs: number): boolean {
    return this.#queuedRuns + runs <= this.#maxQueuedRuns;
  }

  overloaded(): Dispatched {
    return { outcome: 'overloaded', retryAfterSeconds };
  }

  queued(runs: number): void {
    this.#queuedRuns += runs;
  }

  /** A queued run was claimed or cancelled. */
  left(): void {
    this.#queuedRuns = Math.max(0, this.#queuedRuns - 1);
  }
}
