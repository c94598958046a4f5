import { setImmediate as nextTick } from 'node:timers/promises';
import type { StatsBucket, StatsQuery } from '../../../core/ports/run-store.ts';
import { hasEnded, type RunStatus, runStatuses } from '../../../core/run.ts';
import { number, numberOrNull, type Row, text } from '../columns.ts';
import type { Database } from '../database.ts';
import { positionAt } from '../timed-positions.ts';

/** Rows read at a time: a few milliseconds, after which the event loop gets its turn. */
const rowsPerRead = 1_000;

/** Counts the runs that were queued in a span of time, by bucket. Buckets begin at multiples of their length. */
export function countRuns(database: Database): (query: StatsQuery) => Promise<readonly StatsBucket[]> {
  const columns = `position, status, queued_at, started_at, ended_at, tokens_input, tokens_output, tokens_total, cost_usd`;
  const range = `position >= ? AND position < ? ORDER BY position LIMIT ${rowsPerRead}`;
  const ofAll = database.statement(`SELECT ${columns} FROM runs WHERE ${range}`);
  const ofAgent = database.statement(`SELECT ${columns} FROM runs WHERE agent_name = ? AND ${range}`);
  return async ({ from, to, bucketMs, agentName }) => {
    const buckets = emptyBuckets(from, to, bucketMs);
    const end = positionAt(to);
    let next = positionAt(from);
    for (;;) {
      const rows = agentName === undefined ? ofAll.all(next, end) : ofAgent.all(agentName, next, end);
      for (const row of rows) buckets.get(bucketOf(number(row, 'queued_at'), bucketMs))?.add(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < rowsPerRead) break;
      next = number(last, 'position') + 1;
      await nextTick();
    }
    return [...buckets.values()].map((bucket) => bucket.toStats());
  };
}

function bucketOf(timeMs: number, bucketMs: number): number {
  return Math.floor(timeMs / bucketMs) * bucketMs;
}

function emptyBuckets(from: number, to: number, bucketMs: number): Map<number, Bucket> {
  const buckets = new Map<number, Bucket>();
  for (let start = bucketOf(from, bucketMs); start < to; start += bucketMs)
    buckets.set(start, new Bucket(start));
  return buckets;
}

class Bucket {
  readonly #from: number;
  readonly #runs = new Map<RunStatus, number>();
  readonly #durationsMs: number[] = [];
  readonly #tokens = { input: 0, output: 0, total: 0 };
  #costUsd = 0;

  constructor(from: number) {
    this.#from = from;
  }

  add(row: Row): void {
    const status = runStatuses.find((known) => known === text(row, 'status'));
    if (status === undefined) return;
    this.#runs.set(status, (this.#runs.get(status) ?? 0) + 1);
    this.#tokens.input += numberOrNull(row, 'tokens_input') ?? 0;
    this.#tokens.output += numberOrNull(row, 'tokens_output') ?? 0;
    this.#tokens.total += numberOrNull(row, 'tokens_total') ?? 0;
    this.#costUsd += numberOrNull(row, 'cost_usd') ?? 0;
    const startedAt = numberOrNull(row, 'started_at');
    if (hasEnded(status) && startedAt !== null) this.#durationsMs.push(number(row, 'ended_at') - startedAt);
  }

  toStats(): StatsBucket {
    const count = (status: RunStatus) => this.#runs.get(status) ?? 0;
    return {
      from: this.#from,
      runs: {
        queued: count('queued'),
        running: count('running'),
        completed: count('completed'),
        failed: count('failed'),
        cancelled: count('cancelled'),
      },
      tokens: this.#tokens,
      costUsd: this.#costUsd,
      durationMs: percentilesOf(this.#durationsMs),
    };
  }
}

function percentilesOf(durationsMs: readonly number[]): StatsBucket['durationMs'] {
  const sorted = Float64Array.from(durationsMs).sort();
  if (sorted.length === 0) return null;
  // The nearest-rank method: the smallest value that at least that share of the values does not exceed.
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95) };
}
