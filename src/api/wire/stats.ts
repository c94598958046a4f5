import type { QueueDepth, RunCounts, RunStats, StatsQuery } from '../../core/ports/run-store.ts';
import { type RunStatus, runStatuses } from '../../core/runs/run.ts';
import type { RecentNumbers } from '../contract/agent.ts';
import type { WireStats } from '../contract/stats.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/** Statistics of a period with their totals, and the current queue. */
export function statsToWire(
  { from, to, bucketMs }: StatsQuery,
  { buckets, byAgent, byModel }: RunStats,
  queue: QueueDepth,
): WireStats {
  const agents = [...byAgent].map(([agent, counts]) => ({ agent, ...countsToWire(counts) }));
  const models = [...byModel].map(([model, counts]) => ({ model, ...countsToWire(counts) }));
  return {
    from: toIso(from),
    to: toIso(to),
    bucket_seconds: bucketMs / 1_000,
    totals: totalsOf(buckets),
    buckets: buckets.map((bucket) => ({ from: toIso(bucket.from), ...countsToWire(bucket) })),
    by_agent: agents.sort((a, b) => sumOf(b.runs) - sumOf(a.runs)),
    by_model: models.sort((a, b) => (b.cost_usd ?? 0) - (a.cost_usd ?? 0) || b.tokens.total - a.tokens.total),
    queue: {
      queued: queue.queued,
      held: queue.held,
      oldest_queued_at: toIsoOrNull(queue.oldestQueuedAt),
    },
  };
}

/** An agent's numbers for a period in ms; zeros for an agent without runs. */
export function recentToWire(periodMs: number, counts: RunCounts | undefined): RecentNumbers {
  const { runs, tokens, cost_usd } = totalsOf(counts === undefined ? [] : [counts]);
  return {
    period_seconds: periodMs / 1_000,
    runs,
    tokens: tokens.total,
    cost_usd,
    duration_ms: counts?.durationMs ?? null,
  };
}

function countsToWire({ runs, tokens, costUsd, durationMs }: RunCounts) {
  return { runs: { ...runs }, tokens: { ...tokens }, cost_usd: costUsd, duration_ms: durationMs };
}

function totalsOf(all: readonly RunCounts[]): WireStats['totals'] {
  const sum = (pick: (counts: RunCounts) => number) => all.reduce((total, counts) => total + pick(counts), 0);
  const costUsd = sum((counts) => counts.costUsd ?? 0);
  const count = (status: RunStatus) => sum(({ runs }) => runs[status]);
  return {
    runs: {
      scheduled: count('scheduled'),
      queued: count('queued'),
      running: count('running'),
      completed: count('completed'),
      failed: count('failed'),
      cancelled: count('cancelled'),
    },
    tokens: {
      input: sum(({ tokens }) => tokens.input),
      output: sum(({ tokens }) => tokens.output),
      total: sum(({ tokens }) => tokens.total),
    },
    cost_usd: costUsd === 0 && all.some((counts) => counts.costUsd === null) ? null : costUsd,
  };
}

function sumOf(runs: Readonly<Record<RunStatus, number>>): number {
  return runStatuses.reduce((total, status) => total + runs[status], 0);
}
