import { type Hold, holdsDeliveries } from '../../../core/control/hold.ts';
import type { HoldStore } from '../../../core/ports/hold-store.ts';
import type { Dispatched, QueueDepth } from '../../../core/ports/run-store.ts';
import type { Changes } from '../changes.ts';
import { summaryOfRow } from '../runs/run-rows.ts';
import { number, numberOrNull, type Row, text, textOrNull, timeOf } from '../store/connection.ts';
import type { Database } from '../store/database.ts';

/** Longer than the queue's interval between looks. */
const windowMs = 10_000;

/**
 * Keeps holds in SQLite, and all of them in memory: only this process changes them.
 *
 * @param onReleased called with the agent of runs that go on
 * @param onPending called with the connector of deliveries that go on
 */
export function createHoldStore(
  database: Database,
  changes: Changes,
  queueLimit: QueueDepthLimiter,
  onReleased: (agentName: string) => void,
  onPending: (connectorId: string) => void,
): HoldStore {
  const select = database.statement('SELECT * FROM holds ORDER BY since, hold_key');
  const countWaiting = database.statement(`
    SELECT count(*) AS waiting, min(available_at) AS oldest FROM runs INDEXED BY runs_waiting WHERE waiting_for = ?`);
  const countDeliveries = database.statement(`
    SELECT count(*) AS waiting, min(created_at) AS oldest FROM deliveries INDEXED BY deliveries_waiting
    WHERE waiting_for = ?`);
  const selectLongest = database.statement(`
    SELECT run_id FROM runs INDEXED BY runs_waiting WHERE waiting_for = ? ORDER BY available_at, position LIMIT ?`);
  const read = () => new Map(select.all().map((row) => [text(row, 'hold_key'), holdOfRow(row)]));
  let holds: ReadonlyMap<string, Hold> = read();

  return {
    windowMs,
    keptMs: null,
    knownForMs: 0,
    known: async () => holds,
    atHand: () => holds,
    list: async () => [...holds.values()],
    async begin(hold) {
      await database.write('beginHold', hold);
      holds = read();
    },
    async drain(key, perMinute, now) {
      const isHold = await database.write('drainHold', key, perMinute, now);
      holds = read();
      return isHold;
    },
    async holdRun(runId, key, slots, now) {
      if (holds.get(key)?.drainingSince !== null) return 'free';
      const held = await database.write('holdRun', runId, key, slots, now);
      if (held === 'held') queueLimit.left();
      return held === 'free' ? held : 'held';
    },
    async holdDelivery(delivery, owner, hold) {
      const row = await database.write('holdDeliveryIn', delivery.deliveryId, owner, hold);
      if (row === undefined) return 'free';
      const { reason } = hold;
      changes.publish(() => ({
        type: 'delivery.updated',
        delivery: { ...delivery, status: 'held', reason, nextAttemptAt: null },
      }));
      return 'held';
    },
    async release(key, now, until) {
      const { runs, more, isGone, lanes } = await database.write('releaseHeld', key, now, until);
      if (isGone) holds = read();
      if (holdsDeliveries(key)) {
        for (const connectorId of lanes) onPending(connectorId);
      } else {
        queueLimit.givenBack(runs);
        for (const agentName of lanes) onReleased(agentName);
      }
      return { runs, more };
    },
    async longestWaiting(key, limit) {
      return selectLongest.all(key, limit).map((row) => text(row, 'run_id'));
    },
    async waiting(key) {
      const counting = holdsDeliveries(key) ? countDeliveries : countWaiting;
      const row = counting.get(key) ?? { waiting: 0, oldest: null };
      return { count: number(row, 'waiting'), oldestQueuedAt: numberOrNull(row, 'oldest'), more: false };
    },
  };
}

function holdOfRow(row: Row): Hold {
  return {
    key: text(row, 'hold_key'),
    since: number(row, 'since'),
    by: textOrNull(row, 'by'),
    reason: text(row, 'reason'),
    drainPerMinute: numberOrNull(row, 'drain_per_minute'),
    drainingSince: numberOrNull(row, 'draining_since'),
  };
}

/** After this time, in seconds, a sender may find room again. */
const retryAfterSeconds = 5;
/** The same if too many runs are scheduled. */
const retryScheduledAfterSeconds = 60;

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

/** Bounds the runs that wait for their time: each is kept for up to a year. */
export class ScheduleLimiter {
  readonly #most: number;
  readonly #count: () => number;
  /** At most this many runs wait: those that have become due since the last count are still in it. */
  #atMost = Number.POSITIVE_INFINITY;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(database: Database, most: number) {
    const select = database.statement(
      `SELECT count(*) AS runs FROM runs INDEXED BY runs_scheduled WHERE status = 'scheduled'`,
    );
    this.#count = () => number(select.get() ?? { runs: 0 }, 'runs');
    this.#most = most;
  }

  /** Counts runs about to be stored, unless they are too many. */
  take(runs: number): boolean {
    if (runs === 0) return true;
    if (this.#atMost + runs > this.#most) this.#countAgain();
    if (this.#atMost + runs > this.#most) return false;
    this.#atMost += runs;
    return true;
  }

  full(): Extract<Dispatched, { outcome: 'overloaded' }> {
    const most = this.#most.toLocaleString('en-US');
    const detail =
      `${most} runs are scheduled, which is the maximum (MAX_SCHEDULED_RUNS). Nothing was started. ` +
      'Cancel some of them, or try again later.';
    return { outcome: 'overloaded', retryAfterSeconds: retryScheduledAfterSeconds, detail };
  }

  /** At most once a second: a million runs take some milliseconds. */
  #countAgain(): void {
    const now = performance.now();
    if (now - this.#countedAt < 1_000) return;
    this.#countedAt = now;
    this.#atMost = this.#count();
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
  const countHeld = database.statement(`
    SELECT count(*) AS held FROM runs INDEXED BY runs_waiting
    WHERE waiting_for IS NOT NULL AND waiting_for IN (SELECT hold_key FROM holds)`);
  return () => {
    const row = select.get() ?? { queued: 0, oldest: null };
    const held = number(countHeld.get() ?? { held: 0 }, 'held');
    const oldest = numberOrNull(row, 'oldest');
    return {
      queued: number(row, 'queued') + held,
      held,
      oldestQueuedAt: oldest === null ? null : waitingSince(oldest),
    };
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

interface DueParts {
  readonly database: Database;
  readonly changes: Changes;
  readonly queueLimit: QueueDepthLimiter;
  readonly onQueued: (agentName: string) => void;
}

/** Puts scheduled runs that are due by a time (Unix ms) into the queue, as many as one write takes. */
export function queueDueRuns({ database, changes, queueLimit, onQueued }: DueParts) {
  const select = database.statement('SELECT * FROM runs WHERE run_id = ?');
  return async (now: number): Promise<void> => {
    const queued = await database.write('queueDueRuns', now);
    queueLimit.givenBack(queued.length);
    for (const { runId } of queued) {
      changes.publish(() => {
        const row = select.get(runId);
        return row === undefined ? null : { type: 'run.updated', run: summaryOfRow(row) };
      });
    }
    for (const agentName of new Set(queued.map((run) => run.agentName))) onQueued(agentName);
  };
}
