import { runIdOf, type StoredRun } from './stored-run.ts';

/**
 * The records of runs that this process has read or written last. An executor reads, claims and ends one run after the
 * other: what it knows from one call spares the next one its read. Nothing may be decided by it but a conditional write.
 */
export interface SeenRuns {
  note(run: StoredRun): StoredRun;
  /** Without giving it out: for what never changes of a run. */
  peek(runId: string): StoredRun | null;
  /** Returns a record once: a caller that finds it outdated reads again. */
  take(runId: string): StoredRun | null;
}

/** @param capacity records to remember, the newest */
export function seenRuns(capacity: number): SeenRuns {
  const seen = new Map<string, StoredRun>();
  return {
    note(run) {
      const runId = runIdOf(run);
      seen.delete(runId);
      seen.set(runId, run);
      if (seen.size > capacity) seen.delete(seen.keys().next().value ?? '');
      return run;
    },
    peek: (runId) => seen.get(runId) ?? null,
    take(runId) {
      const run = seen.get(runId) ?? null;
      seen.delete(runId);
      return run;
    },
  };
}
