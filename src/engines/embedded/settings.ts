import { availableParallelism } from 'node:os';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import { defaultMaxDepth } from '../../core/runs/run-chain.ts';
import { type MemoryBudget, memoryBudget, memoryLimits } from './memory-budget.ts';

export interface EmbeddedSettings extends AllowedTargets {
  /** The product's public URL, without a trailing slash. Empty until the engine is served, if it is not configured. */
  readonly baseUrl: string;
  /** Attempts that crashed their executor, after which the run fails. */
  readonly maxAttempts: number;
  /** How many runs may lead to another, each to the next. */
  readonly maxDepth: number;
  /** Isolated runs executed at a time; each has its own thread or process. */
  readonly maxIsolatedRuns: number;
  /** Runs executed at a time. */
  readonly maxRunsInFlight: number;
  /** Triggers are refused above this number of queued runs. */
  readonly maxQueuedRuns: number;
  /** Runs that may wait for a time at once. */
  readonly maxScheduledRuns: number;
  /** Sync calls are refused above this number of runs that sync callers wait for. These do not wait in the queue. */
  readonly maxSyncRuns: number;
  /** Memory for payloads, derived from the memory limit of the process. */
  readonly memory: MemoryBudget;
  /** Threads that execute agents; each executes many runs at a time. */
  readonly threads: number;
  /** Memory limit of one thread, including its buffers, in MiB. */
  readonly threadMegabytes: number;
  /** How long an agent may overrun its timeout or cancellation before its thread is ended, in ms. */
  readonly graceMs: number;
  /** Interval between looks at all queued work, in ms: finds work that became due by a clock jump or a lapsed lease. */
  readonly lookEveryMs: number;
  /** Runs are removed this many days after their end. */
  readonly retentionDays: number;
  /** How long running agents may take to end when the process stops. */
  readonly drainSeconds: number;
}

const mebibyte = 1024 * 1024;

/** The defaults. */
export function defaultSettings(): EmbeddedSettings {
  const threads = Math.max(2, availableParallelism());
  const memory = memoryBudget(memoryLimits());
  return {
    baseUrl: '',
    allowPrivateTargets: false,
    maxAttempts: 3,
    maxDepth: defaultMaxDepth,
    // Each takes a thread or a process: about 50 MB.
    maxIsolatedRuns: Math.min(4, threads),
    maxRunsInFlight: 64,
    maxQueuedRuns: 1_000_000,
    maxScheduledRuns: 1_000_000,
    maxSyncRuns: 1_000,
    memory,
    threads,
    threadMegabytes: Math.min(1_024, Math.floor(memory.limitBytes / mebibyte / 2)),
    graceMs: 5_000,
    lookEveryMs: 5_000,
    retentionDays: 30,
    drainSeconds: 10,
  };
}
