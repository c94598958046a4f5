import { PermanentError } from '../../../core/errors.ts';
import type { RunSignals } from '../../../core/ports/run-signals.ts';
import type { RunStore } from '../../../core/ports/run-store.ts';
import { hasEnded, type Run } from '../../../core/runs/run.ts';
import type { Changes } from '../changes.ts';
import type { Database } from '../store/database.ts';

/**
 * Tells executors and watchers of this process what happens to runs.
 * @param onQueued is told of every agent that has got a queued run
 */
export function createRunSignals(
  database: Database,
  changes: Changes,
  runs: Pick<RunStore, 'find' | 'get'>,
  onQueued: (agentName: string) => void,
): RunSignals {
  const current = async (runId: string): Promise<Run> => {
    const run = await runs.get(runId);
    if (run === null) throw new PermanentError('run-not-found', `There is no run ${runId}.`);
    return run;
  };
  const selectCancelled = database.statement('SELECT 1 FROM runs WHERE run_id = ? AND cancel_requested = 1');
  return {
    onCancel(runId, listener) {
      const stopWatching = changes.onCancelled(runId, listener);
      // It may have been requested before anybody watched.
      if (selectCancelled.get(runId) !== undefined) changes.cancelRequested(runId);
      return stopWatching;
    },
    changes: { kind: 'pushed', watch: (listener) => changes.watch(listener) },
    async whenEnded(runId, signal) {
      const ended = Promise.withResolvers<void>();
      const onAbort = () => ended.resolve();
      // Watched before the run is read, so that an end in between is not missed.
      const stopWatching = changes.onEnded(runId, ended.resolve);
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        const found = await runs.find(runId);
        if (found !== null && !hasEnded(found.status) && !signal.aborted) await ended.promise;
        return await current(runId);
      } finally {
        stopWatching();
        signal.removeEventListener('abort', onAbort);
      }
    },
    async announceQueued(runs) {
      for (const run of runs) onQueued(run.agentName);
    },
  };
}
