import type { StatsBucket } from '../../core/ports/run-store.ts';
import type { RunStatus } from '../../core/run.ts';
import type { RecentNumbers } from '../contract/agent.ts';
import type { WireStats, WireStatsBucket } from '../contract/stats.ts';
import { toIso } from './iso-time.ts';

/** Statistics of a time with their totals. Times and the bucket's length in ms. */
export function statsToWire(
  from: number,
  to: number,
  bucketMs: number,
  buckets: readonly StatsBucket[],
): WireStats {
  return {
    from: toIso(from),
    to: toIso(to),
    bucket_seconds: bucketMs / 1_000,
    totals: totalsOf(buckets),
    buckets: buckets.map(bucketToWire),
  };
}

/** The numbers of one period, counted into one bucket. */
export function recentToWire(periodMs: number, buckets: readonly StatsBucket[]): RecentNumbers {
  const totals = totalsOf(buckets);
  return {
    period_seconds: periodMs / 1_000,
    runs: totals.runs,
    tokens: totals.tokens.total,
    cost_usd: totals.cost_usd,
    duration_ms: buckets[0]?.durationMs ?? null,
  };
}

function bucketToWire(bucket: StatsBucket): WireStatsBucket {
  return {
    from: toIso(bucket.from),
    runs: { ...bucket.runs },
    tokens: { ...bucket.tokens },
    cost_usd: bucket.costUsd,
    duration_ms: bucket.durationMs,
  };
}

function totalsOf(buckets: readonly StatsBucket[]): WireStats['totals'] {
  const sum = (pick: (bucket: StatsBucket) => number) =>
    buckets.reduce((total, bucket) => total + pick(bucket), 0);
  const count = (status: RunStatus) => sum((bucket) => bucket.runs[status]);
  return {
    runs: {
      queued: count('queued'),
      running: count('running'),
      completed: count('completed'),
      failed: count('failed'),
      cancelled: count('cancelled'),
    },
    tokens: {
      input: sum((bucket) => bucket.tokens.input),
      output: sum((bucket) => bucket.tokens.output),
      total: sum((bucket) => bucket.tokens.total),
    },
    cost_usd: sum((bucket) => bucket.costUsd),
  };
}
