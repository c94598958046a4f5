import type { RunStore } from '../../../core/ports/run-store.ts';
import type { AdmissionController } from './admission-controller.ts';

/** The run store of those who take triggers: while a sender waits until its runs are stored, the queue holds back. */
export function servingSenders(runs: RunStore, accepting: AdmissionController): RunStore {
  return {
    ...runs,
    async dispatch(dispatch) {
      accepting.asked();
      try {
        return await runs.dispatch(dispatch);
      } finally {
        accepting.stored();
      }
    },
  };
}
