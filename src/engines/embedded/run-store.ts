import type { Claimed, Dispatched, Lease, RunStore } from '../../core/ports/run-store.ts';
import type { Run } from '../../core/run.ts';
import { emptyTrace } from '../../core/trace.ts';
import { runChange } from '../change-summaries.ts';
import type { Changes } from './changes.ts';
import { number, text } from './columns.ts';
import type { Database } from './database.ts';
import type { PayloadFiles, StoredText } from './payload-files.ts';
import { countRuns } from './runs/count-runs.ts';
import type { HeldRuns } from './runs/held-runs.ts';
import { listRuns } from './runs/list-runs.ts';
import { measureQueue } from './runs/measure-queue.ts';
import { persevere } from './runs/persevere.ts';
import type { QueueGauge } from './runs/queue-gauge.ts';
import { runOfRow, selectRun, summaryOfRow } from './runs/run-rows.ts';
import { runSearch } from './runs/search-runs.ts';
import { dispatchRows, endRows } from './runs/written-rows.ts';

interface RunStoreParts {
  readonly database: Database;
  readonly files: PayloadFiles;
  readonly changes: Changes;
  readonly gauge: QueueGauge;
  readonly held: HeldRuns;
  /** Aborts when the engine stops: nothing is tried again then. */
  readonly stopping: AbortSignal;
  /** Called when a run has ended, and may have deliveries to plan. */
  readonly onEnded: () => void;
}

/** Keeps triggers, runs and traces in SQLite. */
export function createRunStore(parts: RunStoreParts): RunStore {
  const { database, files, changes, gauge, held, stopping, onEnded } = parts;
  const selectById = database.statement(`${selectRun} WHERE runs.run_id = ?`);
  const selectTrace = database.statement(
    'SELECT trace FROM traces JOIN runs ON runs.position = traces.position WHERE run_id = ?',
  );
  const queueDepth = measureQueue(database);

  /** Stores a text for a row. Where the row is not written, a file that was made for it goes away at once. */
  const withStored = async <Written>(
    text: string,
    write: (stored: StoredText) => Promise<Written>,
    isWritten: (written: Written) => boolean,
  ): Promise<Written> => {
    const stored = await files.store(text);
    const written = await write(stored);
    if (stored.file !== null && !isWritten(written)) await files.remove(stored.file);
    return written;
  };
  const selectLease = database.statement(
    'SELECT lease_until FROM runs WHERE run_id = ? AND lease_owner = ? AND lease_until IS NOT NULL',
  );
  const freeAll = (runIds: readonly string[]) => {
    for (const runId of runIds) held.free(runId);
  };
  const summaryOf = (runId: string) => {
    const row = selectById.get(runId);
    return row === undefined ? { run_id: runId } : runChange(summaryOfRow(row));
  };
  const publish = (runId: string) => changes.publish('run.updated', runId, () => summaryOf(runId));
  const tellEnd = (runId: string) => {
    publish(runId);
    changes.runEnded(runId);
    onEnded();
  };

  return {
    async dispatch(dispatch): Promise<Dispatched> {
      const { trigger, runs, lease } = dispatch;
      const runIds = runs.map(({ runId }) => runId);
      const hasRoom = lease === null ? gauge.take(runs.length) : held.take(runIds);
      if (!hasRoom) return gauge.overloaded();
      const giveUp = () => (lease === null ? gauge.left(runs.length) : freeAll(runIds));
      const dispatched = await withStored(
        JSON.stringify(trigger.payload),
        (payload) => database.write('dispatchRuns', dispatchRows(dispatch, payload)),
        ({ outcome }) => outcome === 'stored',
      ).catch((thrown: unknown) => {
        giveUp();
        throw thrown;
      });
      if (dispatched.outcome !== 'stored') {
        giveUp();
        return dispatched;
      }
      for (const run of runs)
        changes.publish('run.updated', run.runId, () => runChange(asStored(run, lease)));
      return dispatched;
    },
    async get(runId) {
      const row = selectById.get(runId);
      return row === undefined ? null : runOfRow(row, files);
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
      gauge.left();
      publish(runId);
      return { outcome: 'claimed', run: await runOfRow(claimed.row, files) };
    },
    async end(runId, owner, end) {
      const write = (output: StoredText | null) =>
        database.write('endRun', runId, owner, endRows(end, output));
      const store = () =>
        end.output === null ? write(null) : withStored(end.output, write, (outcome) => outcome === 'ended');
      const heldForMs = () => number(selectLease.get(runId, owner) ?? noLease, 'lease_until') - end.endedAt;
      const ended = await persevere(store, heldForMs, stopping).finally(() => held.free(runId));
      if (ended === 'ended') tellEnd(runId);
      return ended;
    },
    async release(runId, owner, availableAt) {
      held.free(runId);
      const released = await database.write('releaseRun', runId, owner, availableAt);
      if (released === 'lost') return released;
      gauge.givenBack();
      publish(runId);
      return released;
    },
    saveTrace: (runId, owner, trace) => database.write('saveTrace', runId, owner, JSON.stringify(trace)),
    async requestCancel(runId, now) {
      const outcome = await database.write('requestCancel', runId, now);
      if (outcome === 'cancelled') {
        gauge.left();
        tellEnd(runId);
      }
      if (outcome === 'requested') changes.cancelRequested(runId);
      return outcome;
    },
    stats: countRuns(database),
    queueDepth: async () => queueDepth(),
  };
}

const noLease = { lease_until: 0 };

/** The run as dispatch stores it: queued, or started at once by the executor that holds it. */
function asStored(run: Run, lease: Lease | null): Run {
  return lease === null ? run : { ...run, status: 'running', startedAt: lease.now, attempts: 1 };
}
