import type { RunStore } from '../../../core/ports/run-store.ts';
import type { AdmissionController } from './admission-controller.ts';

/** The run store for triggers. While a sender waits for its runs to be stored or to end, the queue holds back. */
export function servingSenders(runs: RunStore, accepting: AdmissionController): RunStore {
  return {
    ...runs,
    async dispatch(dispatch) {
      accepting.asked();
      let awaited: readonly string[] = [];
      try {
        const dispatched = await runs.dispatch(dispatch);
        const isHeld = dispatch.lease !== null && dispatched.outcome === 'stored';
        if (isHeld) awaited = dispatch.runs.map(({ runId }) => runId);
        return dispatched;
      } finally {
        accepting.stored(awaited);
      }
    },
    end: (runId, owner, end) => runs.end(runId, owner, end).finally(() => accepting.ended(runId)),
    release: (runId, ...given) => runs.release(runId, ...given).finally(() => accepting.ended(runId)),
  };
}
