import type { ConnectorCounts, RunCounts, RunStats, StatsQuery } from '../core/ports/run-store.ts';
import { type RunStatus, type RunSummary, runStatuses, type TokenUsage } from '../core/runs/run.ts';

/** The counted fields of a run. */
export type CountedRun = Pick<
  RunSummary,
  'agentName' | 'connectorId' | 'model' | 'status' | 'queuedAt' | 'startedAt' | 'endedAt' | 'costUsd'
> & { readonly tokenUsage: Pick<TokenUsage, 'input' | 'output' | 'total'> | null };

/** Counts the runs of a time span by bucket, agent, model and connector, in one pass. */
export class RunTally {
  readonly #query: StatsQuery;
  /** Each run is counted once, by bucket, agent and model (`null` included); the groups are summed at the end. */
  readonly #cells = new Map<number, Map<string, Map<string | null, Tally>>>();

  readonly #connectors = new Map<string, ConnectorCounts>();

  constructor(query: StatsQuery) {
    this.#query = query;
    for (const start of bucketStarts(query)) this.#cells.set(start, new Map());
  }

  /** Counts a run that was queued within the span; ignores any other. */
  add(run: CountedRun): void {
    const agents = this.#cells.get(bucketOf(run.queuedAt, this.#query.bucketMs));
    if (agents === undefined) return;
    const models = found(agents, run.agentName, () => new Map<string | null, Tally>());
    found(models, run.model, () => new Tally()).add(run);
    if (run.connectorId !== null) this.#addToConnector(run.connectorId, run);
  }

  #addToConnector(connectorId: string, { status, queuedAt }: CountedRun): void {
    const { runs, failed, lastQueuedAt } = this.#connectors.get(connectorId) ?? noRuns;
    this.#connectors.set(connectorId, {
      runs: runs + 1,
      failed: failed + (status === 'failed' ? 1 : 0),
      lastQueuedAt: Math.max(lastQueuedAt, queuedAt),
    });
  }

  toStats(): RunStats {
    const byAgent = new Map<string, Tally>();
    const byModel = new Map<string, Tally>();
    const buckets = [...this.#cells].map(([from, agents]) => {
      const all = new Tally();
      for (const [agentName, models] of agents) {
        for (const [model, tally] of models) {
          all.addAll(tally);
          found(byAgent, agentName, () => new Tally()).addAll(tally);
          if (model !== null) found(byModel, model, () => new Tally()).addAll(tally);
        }
      }
      return { from, ...all.toCounts() };
    });
    return { buckets, byAgent: countsOf(byAgent), byModel: countsOf(byModel), byConnector: this.#connectors };
  }
}

const noRuns: ConnectorCounts = { runs: 0, failed: 0, lastQueuedAt: 0 };

class Tally {
  readonly #runs: Record<RunStatus, number> = {
    scheduled: 0,
    queued: 0,
    running: 0,
    completed: 0,
    failed: 0,
    cancelled: 0,
  };
  readonly #tokens = { input: 0, output: 0, total: 0 };
  readonly #durations = new DurationHistogram();
  #costUsd = 0;
  /** Whether a run has used tokens for which no price is known. */
  #hasUnpriced = false;

  add({ status, tokenUsage, costUsd, startedAt, endedAt }: CountedRun): void {
    this.#runs[status] += 1;
    if (tokenUsage !== null) this.#addTokens(tokenUsage);
    this.#costUsd += costUsd ?? 0;
    if (costUsd === null && (tokenUsage?.total ?? 0) > 0) this.#hasUnpriced = true;
    if (startedAt !== null && endedAt !== null) this.#durations.add(endedAt - startedAt);
  }

  addAll(other: Tally): void {
    for (const status of runStatuses) this.#runs[status] += other.#runs[status];
    this.#addTokens(other.#tokens);
    this.#costUsd += other.#costUsd;
    this.#hasUnpriced ||= other.#hasUnpriced;
    this.#durations.addAll(other.#durations);
  }

  toCounts(): RunCounts {
    return {
      runs: this.#runs,
      tokens: this.#tokens,
      costUsd: this.#hasUnpriced && this.#costUsd === 0 ? null : this.#costUsd,
      durationMs: this.#durations.percentiles(),
    };
  }

  #addTokens({ input, output, total }: Pick<TokenUsage, 'input' | 'output' | 'total'>): void {
    this.#tokens.input += input;
    this.#tokens.output += output;
    this.#tokens.total += total;
  }
}

/** Unix ms at which each bucket begins: multiples of its length. */
function bucketStarts({ from, to, bucketMs }: StatsQuery): number[] {
  const first = bucketOf(from, bucketMs);
  return Array.from({ length: Math.ceil((to - first) / bucketMs) }, (_, index) => first + index * bucketMs);
}

function bucketOf(timeMs: number, bucketMs: number): number {
  return Math.floor(timeMs / bucketMs) * bucketMs;
}

function found<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function countsOf(tallies: ReadonlyMap<string, Tally>): ReadonlyMap<string, RunCounts> {
  return new Map([...tallies].map(([name, tally]) => [name, tally.toCounts()]));
}

/** Neighbouring classes differ by this factor, so that the middle of a class is within 1% of its durations. */
const growth = 1.02;
const logGrowth = Math.log(growth);

/**
 * Counts durations by size, so that percentiles of any number of them take little memory and histograms can be merged
 * (the idea of DDSketch, Masson et al., VLDB 2019). Percentiles are exact to 1%; below 50 ms, to the millisecond.
 */
export class DurationHistogram {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** @param durationMs a negative duration, after a clock has gone back, counts as 0 */
  add(durationMs: number): void {
    this.#count(durationMs < 1 ? 0 : 1 + Math.floor(Math.log(durationMs) / logGrowth), 1);
  }

  addAll(other: DurationHistogram): void {
    for (const [size, count] of other.#counts) this.#count(size, count);
  }

  /** In ms; `null` if there are no durations. */
  percentiles(): { readonly p50: number; readonly p95: number } | null {
    if (this.#total === 0) return null;
    const sizes = [...this.#counts.keys()].sort((a, b) => a - b);
    return { p50: this.#at(0.5, sizes), p95: this.#at(0.95, sizes) };
  }

  /** By nearest rank: the smallest duration that at least `share` of the durations do not exceed. */
  #at(share: number, sizes: readonly number[]): number {
    let left = Math.ceil(share * this.#total);
    const reached = sizes.find((size) => {
      left -= this.#counts.get(size) ?? 0;
      return left <= 0;
    });
    return middleOf(reached ?? 0);
  }

  #count(size: number, count: number): void {
    this.#counts.set(size, (this.#counts.get(size) ?? 0) + count);
    this.#total += count;
  }
}

function middleOf(size: number): number {
  return size === 0 ? 0 : Math.round(growth ** (size - 0.5));
}
