import { runIdOf, type StoredRun } from './stored-run.ts';

/**
 * The records of runs that this process last read or wrote. An executor reads, claims, and ends one run in sequence;
 * what one call returns saves the next one a read. Only conditional writes may rely on it.
 */
export interface SeenRuns {
  note(run: StoredRun): StoredRun;
  /** Returns a record without removing it: for fields of a run that never change. */
  peek(runId: string): StoredRun | null;
  /** Returns a record once, so that a caller that finds it outdated reads again. */
  take(runId: string): StoredRun | null;
}

/** @param capacity number of newest records to remember */
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
