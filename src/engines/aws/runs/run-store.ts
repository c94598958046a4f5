import type { RunStore } from '../../../core/ports/run-store.ts';
import { runKey } from '../store/keys.ts';
import { claimRun } from './claim-run.ts';
import { dispatchEach, dispatchRuns, moveCursor, runsOfKey } from './dispatch-runs.ts';
import { cancelRun, endRun, releaseRun } from './end-run.ts';
import { listRuns } from './list-runs.ts';
import { findRun, loadRun, noteRun, type RunRecords, readRun } from './run-records.ts';
import { queueDepth, runStats } from './run-stats.ts';
import { reschedule } from './scheduled-runs.ts';
import { attemptNameOf, recordOf } from './stored-run.ts';

/** Keeps triggers, runs, and traces in the table, and their large parts in the bucket. */
export function runStore(records: RunRecords): RunStore {
  return {
    dispatch: (dispatch) => dispatchRuns(records, dispatch),
    dispatchAll: (dispatches, move) => dispatchEach(records, dispatches, move),
    moveCursor: (move) => moveCursor(records, move),
    runsOfKey: (connectorId, key) => runsOfKey(records, connectorId, key),
    get: (runId) => readRun(records, runId),
    async find(runId) {
      const found = await findRun(records, runId);
      return found === null ? null : recordOf(found);
    },
    load: (record) => loadRun(records, record),
    // Most functions never read triggers: their bundles load this code only when they do.
    findTrigger: async (triggerId) => (await import('./find-trigger.ts')).findTrigger(records, triggerId),
    getTrigger: async (triggerId) => (await import('./find-trigger.ts')).getTrigger(records, triggerId),
    listTriggers: async (query) => (await import('./list-triggers.ts')).listTriggers(records, query),
    countFiltered: async (period) =>
      (await import('./list-triggers.ts')).countFiltered(records.table, period),
    sendThrough: async (triggerId, runs, now) =>
      (await import('./send-through.ts')).sendThrough(records, triggerId, runs, now),
    async trace(runId) {
      const found = await findRun(records, runId);
      return (await records.attempts.read(runId, found === null ? undefined : attemptNameOf(found))).trace;
    },
    list: (query) => listRuns(records, query),
    claim: (runId, lease) => claimRun(records, runId, lease),
    end: (runId, owner, end) => endRun(records, runId, owner, end),
    release: (runId, owner, availableAt, interruption) =>
      releaseRun(records, runId, owner, availableAt, interruption),
    async markBudgeted(runId) {
      const exists = { expression: 'attribute_exists(#pk)' };
      const marked = await records.table.update(runKey(runId), { set: { budgeted: true } }, exists);
      if (marked !== null) noteRun(records, marked);
    },
    saveTrace: (runId, owner, trace) => records.attempts.write(runId, owner, { trace, end: null }),
    reschedule: (runId, scheduledAt) => reschedule(records, runId, scheduledAt),
    requestCancel: (runId, now) => cancelRun(records, runId, now),
    stats: (query) => runStats(records.table, query),
    queueDepth: () => queueDepth(records.table),
  };
}
