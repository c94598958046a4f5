import { hkdfSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryableError } from '../../../core/errors.ts';
import type { ChainSigner } from '../../../core/ports/chain-signer.ts';
import type { Claimed, RunEnd, RunStore } from '../../../core/ports/run-store.ts';
import { readChain, writeChain } from '../../../core/runs/run-chain.ts';
import { emptyTrace } from '../../../core/runs/trace.ts';
import type { Changes } from '../changes.ts';
import {
  type HeldRuns,
  measureQueue,
  type QueueDepthLimiter,
  type ScheduleLimiter,
} from '../control/hold-store.ts';
import { number, text } from '../store/connection.ts';
import type { PayloadFiles, StoredText } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
import type { EndRows } from '../writes/run-writes.ts';
import { countRuns } from './count-runs.ts';
import { findTrigger, getTrigger } from './find-trigger.ts';
import { listRuns } from './list-runs.ts';
import { countFiltered, listTriggers } from './list-triggers.ts';
import { recordOfRow, runOfRow, selectRun, summaryOfRow } from './run-rows.ts';
import { runSearch } from './search-runs.ts';
import { moveRow, runRow, storeDispatches, unusedFiles } from './store-dispatches.ts';

interface RunStoreParts {
  readonly database: Database;
  readonly files: PayloadFiles;
  readonly changes: Changes;
  readonly queueLimit: QueueDepthLimiter;
  readonly scheduleLimit: ScheduleLimiter;
  readonly held: HeldRuns;
  /** Aborts when the engine stops; then nothing is retried. */
  readonly stopping: AbortSignal;
  /** Called when a run has ended and may have deliveries to plan. */
  readonly onEnded: () => void;
}

/** Keeps triggers, runs and traces in SQLite. */
export function createRunStore(parts: RunStoreParts): RunStore {
  const { database, files, changes, queueLimit, held, stopping, onEnded } = parts;
  const selectById = database.statement(`${selectRun} WHERE runs.run_id = ?`);
  const selectRecord = database.statement('SELECT * FROM runs WHERE run_id = ?');
  const selectTrace = database.statement(
    'SELECT trace FROM traces JOIN runs ON runs.position = traces.position WHERE run_id = ?',
  );
  const selectRunsOfKey = database.statement(
    'SELECT run_ids FROM repeat_keys WHERE connector_id = ? AND key = ?',
  );
  const queueDepth = measureQueue(database);
  const storeAll = storeDispatches(parts);
  const store = storeEnd(database, files);
  const selectLease = database.statement(
    'SELECT lease_until - started_at AS lease_ms FROM runs WHERE run_id = ? AND lease_owner = ?',
  );
  const publish = (runId: string) =>
    changes.publish(() => {
      const row = selectRecord.get(runId);
      return row === undefined ? null : { type: 'run.updated', run: summaryOfRow(row) };
    });
  const tellEnd = (runId: string) => {
    publish(runId);
    changes.runEnded(runId);
    onEnded();
  };

  return {
    async dispatch(dispatch) {
      const [dispatched] = await storeAll([dispatch], dispatch.lease);
      if (dispatched?.outcome === 'failed') throw dispatched.thrown;
      return dispatched ?? queueLimit.overloaded();
    },
    dispatchAll: (dispatches, move) => storeAll(dispatches, null, move),
    moveCursor: (move) => database.write('moveCursor', moveRow(move)),
    async runsOfKey(connectorId, key) {
      const row = selectRunsOfKey.get(connectorId, key);
      return row === undefined ? null : JSON.parse(text(row, 'run_ids'));
    },
    async find(runId) {
      const row = selectRecord.get(runId);
      return row === undefined ? null : recordOfRow(row);
    },
    async load(record) {
      const row = selectById.get(record.runId);
      if (row === undefined) throw new RetryableError('The run is no longer stored.');
      return { ...(await runOfRow(row, files)), ...record };
    },
    async get(runId) {
      const row = selectById.get(runId);
      return row === undefined ? null : runOfRow(row, files);
    },
    findTrigger: findTrigger(database),
    getTrigger: getTrigger(database, files),
    listTriggers: listTriggers(database, files),
    countFiltered: countFiltered(database),
    async sendThrough(triggerId, runs, now) {
      if (!queueLimit.take(runs.length)) return queueLimit.overloaded();
      let stored = false;
      try {
        stored = await database.write('sendThrough', triggerId, runs.map(runRow), now);
      } finally {
        if (!stored) queueLimit.left(runs.length);
      }
      if (!stored) return { outcome: 'not-filtered' };
      for (const run of runs) changes.publish(() => ({ type: 'run.updated', run }));
      return { outcome: 'stored' };
    },
    async trace(runId) {
      const row = selectTrace.get(runId);
      return row === undefined ? emptyTrace : JSON.parse(text(row, 'trace'));
    },
    list: listRuns(database, runSearch(database, files)),
    async claim(runId, lease): Promise<Claimed> {
      const claimed = await database.write('claimRun', runId, lease);
      if (claimed.outcome === 'busy') return { outcome: 'busy', slot: claimed.slot.key };
      if (claimed.outcome === 'not-claimable') return claimed;
      if (claimed.fromQueue) queueLimit.left();
      publish(runId);
      return { outcome: 'claimed', run: recordOfRow(claimed.row) };
    },
    async end(runId, owner, end) {
      // Use the length of the lease, not its end: the clock may have been set since the run was claimed.
      const leaseMs = () => number(selectLease.get(runId, owner) ?? noLease, 'lease_ms');
      const ended = await retryWhileLeased(() => store(runId, owner, end), leaseMs, stopping).finally(() =>
        held.free(runId),
      );
      if (ended === 'ended') tellEnd(runId);
      return ended;
    },
    async release(runId, owner, availableAt, interruption) {
      held.free(runId);
      const released = await database.write('releaseRun', runId, owner, availableAt, interruption);
      if (released !== 'released') return released;
      queueLimit.givenBack();
      publish(runId);
      return released;
    },
    markBudgeted: (runId) => database.write('markBudgeted', runId),
    saveTrace: (runId, owner, trace) => database.write('saveTrace', runId, owner, JSON.stringify(trace)),
    async reschedule(runId, scheduledAt) {
      const outcome = await database.write('reschedule', runId, scheduledAt);
      if (outcome === 'rescheduled') publish(runId);
      return outcome;
    },
    async requestCancel(runId, now) {
      const outcome = await database.write('requestCancel', runId, now);
      if (outcome === 'cancelled') queueLimit.left();
      if (outcome === 'requested') changes.cancelRequested(runId);
      if (outcome !== 'cancelled' && outcome !== 'cancelled-elsewhere') return outcome;
      tellEnd(runId);
      return 'cancelled';
    },
    stats: countRuns(database),
    queueDepth: async () => queueDepth(),
  };
}

const noLease = { lease_ms: 0 };

/**
 * Stores how a run ended, with a large output in a file. It can be retried: no try leaves a file without a row.
 * @returns a function that throws RetryableError when the disk is full or broken
 */
function storeEnd(
  database: Database,
  files: PayloadFiles,
): (runId: string, owner: string, end: RunEnd) => ReturnType<RunStore['end']> {
  const removeUnused = unusedFiles(database, files);
  return async (runId, owner, end) => {
    const output = end.output === null ? null : await files.store(end.output);
    const stored = output === null ? [] : [output];
    try {
      const outcome = await database.write('endRun', runId, owner, endRows(end, output));
      if (outcome === 'lost') await removeUnused(stored);
      return outcome;
    } catch (thrown) {
      await removeUnused(stored);
      throw thrown;
    }
  };
}

/** The wait before a write is retried, in ms: an operator must free disk space. */
const tryAgainAfterMs = 1_000;

/**
 * Does a write, and retries it while the store is unavailable and time is left.
 *
 * @param forMs how long to keep trying, counted from the first failure
 * @param stopping aborts when no time is left, whatever `forMs` says
 * @throws RetryableError that of the last try
 */
async function retryWhileLeased<Written>(
  write: () => Promise<Written>,
  forMs: () => number,
  stopping: AbortSignal,
): Promise<Written> {
  let leftMs: number | null = null;
  for (;;) {
    try {
      return await write();
    } catch (thrown) {
      leftMs ??= forMs();
      leftMs -= tryAgainAfterMs;
      if (!(thrown instanceof RetryableError) || leftMs < 0 || stopping.aborted) throw thrown;
      await sleep(tryAgainAfterMs, null, { signal: stopping }).catch(() => undefined);
    }
  }
}

function resultOf({ context, warnings }: RunEnd): EndRows['result'] {
  if (context === null && warnings === null) return null;
  return { context: JSON.stringify(context ?? {}), warnings: JSON.stringify(warnings ?? []) };
}

/** The end of a run as the writer expects it. */
function endRows(end: RunEnd, output: StoredText | null): EndRows {
  const { error, tokenUsage, trace } = end;
  return {
    columns: [
      end.status,
      end.endedAt,
      error?.code ?? null,
      error?.message ?? null,
      tokenUsage?.input ?? null,
      tokenUsage?.output ?? null,
      tokenUsage?.total ?? null,
      tokenUsage?.cached ?? null,
      tokenUsage?.reasoning ?? null,
      end.costUsd,
      end.model,
      end.publishes === false ? 1 : null,
    ],
    output,
    result: resultOf(end),
    trace: trace.spans.length + trace.logs.length === 0 ? null : JSON.stringify(trace),
  };
}

/** Signs with a key derived from the one that seals secrets (HKDF, RFC 5869). */
export function createChainSigner(secretKey: Uint8Array): ChainSigner {
  const key = new Uint8Array(hkdfSync('sha256', secretKey, '', 'agent-connectors/run-chains', 32));
  return {
    sign: async (runIds) => writeChain(key, runIds),
    read: async (signed) => readChain(key, signed),
  };
}
