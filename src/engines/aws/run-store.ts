import type { RunStore } from '../../core/ports/run-store.ts';
import { claimRun } from './claim-run.ts';
import { dispatchEach, dispatchRuns } from './dispatch-runs.ts';
import { cancelRun, endRun, releaseRun } from './end-run.ts';
import { listRuns } from './list-runs.ts';
import { completeRun, findRun, type RunRecords } from './run-records.ts';
import { queueDepth, runStats } from './run-stats.ts';
import { readTrace, writeTrace } from './run-trace.ts';
import { recordOf } from './stored-run.ts';

/** Keeps triggers, runs and traces in the table, their large parts in the bucket. */
export function runStore(records: RunRecords): RunStore {
  return {
    dispatch: (dispatch) => dispatchRuns(records, dispatch),
    dispatchAll: (dispatches) => dispatchEach(records, dispatches),
    async get(runId) {
      const found = await findRun(records, runId);
      return found === null ? null : completeRun(records, found);
    },
    async find(runId) {
      const found = await findRun(records, runId);
      return found === null ? null : recordOf(found);
    },
    load: (record) => completeRun(records, record),
    trace: (runId) => readTrace(records, runId),
    list: (query) => listRuns(records, query),
    claim: (runId, lease) => claimRun(records, runId, lease),
    end: (runId, owner, end) => endRun(records, runId, owner, end),
    release: (runId, owner, availableAt, interruption) =>
      releaseRun(records, runId, owner, availableAt, interruption),
    saveTrace: (runId, owner, trace) => writeTrace(records, runId, owner, trace, 'live'),
    requestCancel: (runId, now) => cancelRun(records, runId, now),
    stats: (query) => runStats(records.table, query),
    queueDepth: () => queueDepth(records.table),
  };
}
