import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { ChainSigner } from '../../../core/ports/chain-signer.ts';
import type { RunStore } from '../../../core/ports/run-store.ts';
import { readChain, writeChain } from '../../../core/runs/run-chain.ts';
import { chainKeyKey, runKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
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

const storedKey = z.object({ key: z.instanceof(Uint8Array) });
const keyBytes = 32;

/**
 * Signs with a key in the table, which the first signature creates: every function that takes events may read the table,
 * but not every one the sealing key. The key protects nothing but the length of chains.
 */
export function chainSigner(table: Table): ChainSigner {
  let known: Uint8Array | null = null;
  const find = async () => {
    if (known !== null) return known;
    const item = await table.get(chainKeyKey);
    known = item === null ? null : storedKey.parse(item).key;
    return known;
  };
  const make = async () => {
    const isNew = { expression: 'attribute_not_exists(#pk)' };
    await table.put({ ...chainKeyKey, key: randomBytes(keyBytes) }, isNew);
    return find();
  };
  return {
    async sign(runIds) {
      const key = (await find()) ?? (await make());
      if (key === null) throw new Error('the key of chains was removed');
      return writeChain(key, runIds);
    },
    async read(signed) {
      const key = await find();
      return key === null ? [] : readChain(key, signed);
    },
  };
}
