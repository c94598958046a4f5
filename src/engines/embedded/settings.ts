import { availableParallelism } from 'node:os';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import { type MemoryBudget, memoryBudget, memoryLimits } from './memory-budget.ts';

export interface EmbeddedSettings extends AllowedTargets {
  /** Where the product is reached from outside, without a trailing slash. */
  readonly baseUrl: string;
  /** Attempts that broke what executed them, after which a run is given up. */
  readonly maxAttempts: number;
  /** Runs that are executed apart from others at a time: each has a thread or a process of its own. */
  readonly maxIsolatedRuns: number;
  /** Runs that are executed at a time. */
  readonly maxRunsInFlight: number;
  /** Queued runs above which triggers are refused. */
  readonly maxQueuedRuns: number;
  /** Runs that sync callers wait for, above which they are refused: these do not wait in the queue. */
  readonly maxSyncRuns: number;
  /** What payloads may take up, by what the process may use. */
  readonly memory: MemoryBudget;
  /** Threads that execute agents; each executes many runs at a time. */
  readonly threads: number;
  /** Memory that one of them may use, its buffers included, in MiB. */
  readonly threadMegabytes: number;
  /** What an agent gets beyond its timeout, or its cancellation, to come to its end before its thread is ended, in ms. */
  readonly graceMs: number;
  /** Between looks at all queued work, in ms: for what became due by a jump of the clock or a lapsed lease. */
  readonly lookEveryMs: number;
  /** Days after their end when runs are removed. */
  readonly retentionDays: number;
  /** What running agents get to come to their end when the process stops. */
  readonly drainSeconds: number;
}

const mebibyte = 1024 * 1024;

/** What holds where nothing else is set. */
export function defaultSettings(): EmbeddedSettings {
  const threads = Math.max(2, availableParallelism());
  const memory = memoryBudget(memoryLimits());
  return {
    baseUrl: 'http://127.0.0.1:4000',
    allowPrivateTargets: false,
    maxAttempts: 3,
    // Each costs a thread or a process: some 50 MB.
    maxIsolatedRuns: Math.min(4, threads),
    maxRunsInFlight: 64,
    maxQueuedRuns: 1_000_000,
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
