import type { Claimed, Dispatched, Lease, RunStore } from '../../core/ports/run-store.ts';
import type { Run } from '../../core/run.ts';
import { emptyTrace, type Trace } from '../../core/trace.ts';
import { runChange } from '../change-summaries.ts';
import type { Changes } from './changes.ts';
import { number, type Row, text } from './columns.ts';
import type { Database } from './database.ts';
import type { PayloadFiles, StoredText } from './payload-files.ts';
import { countRuns } from './runs/count-runs.ts';
import { dispatchRuns } from './runs/dispatch-runs.ts';
import { endRuns } from './runs/end-runs.ts';
import { leaseRuns } from './runs/lease-runs.ts';
import { listRuns } from './runs/list-runs.ts';
import { measureQueue } from './runs/measure-queue.ts';
import type { QueueGauge } from './runs/queue-gauge.ts';
import { runOfRow, selectRun, summaryOfRow } from './runs/run-rows.ts';
import { runSlots } from './runs/run-slots.ts';
import { runSearch } from './runs/search-runs.ts';

interface RunStoreParts {
  readonly database: Database;
  readonly files: PayloadFiles;
  readonly changes: Changes;
  readonly gauge: QueueGauge;
  /** Called when a run has ended, and may have deliveries to plan. */
  readonly onEnded: () => void;
}

/** Keeps triggers, runs and traces in SQLite. */
export function createRunStore({ database, files, changes, gauge, onEnded }: RunStoreParts): RunStore {
  const slots = runSlots(database);
  const dispatchInto = dispatchRuns(database);
  const leases = leaseRuns(database, slots);
  const ends = endRuns(database, slots);
  const selectById = database.statement(`${selectRun} WHERE runs.run_id = ?`);
  const traces = traceStatements(database);
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
  const publish = (row: Row) =>
    changes.publish('run.updated', text(row, 'run_id'), () => runChange(summaryOfRow(row)));
  const tellEnd = (row: Row) => {
    publish(row);
    changes.runEnded(text(row, 'run_id'));
    onEnded();
  };

  return {
    async dispatch(dispatch): Promise<Dispatched> {
      const { trigger, runs, lease } = dispatch;
      if (lease === null && !gauge.hasRoomFor(runs.length)) return gauge.overloaded();
      const dispatched = await withStored(
        JSON.stringify(trigger.payload),
        (payload) => database.write(() => dispatchInto(dispatch, payload)),
        ({ outcome }) => outcome === 'stored',
      );
      if (dispatched.outcome !== 'stored') return dispatched;
      if (lease === null) gauge.queued(runs.length);
      for (const run of runs)
        changes.publish('run.updated', run.runId, () => runChange(asStored(run, lease)));
      return dispatched;
    },
    async get(runId) {
      const row = selectById.get(runId);
      return row === undefined ? null : runOfRow(row, files);
    },
    async trace(runId) {
      return traces.load(runId);
    },
    list: listRuns(database, runSearch(database, files)),
    async claim(runId, lease): Promise<Claimed> {
      const claimed = await database.write(() => leases.claim(runId, lease));
      if (claimed.outcome === 'busy') return { outcome: 'busy', slot: claimed.slot.key };
      if (claimed.outcome === 'not-claimable') return claimed;
      gauge.left();
      publish(claimed.row);
      return { outcome: 'claimed', run: await runOfRow(claimed.row, files) };
    },
    async end(runId, owner, end) {
      const write = (output: StoredText | null) => database.write(() => ends.end(runId, owner, end, output));
      const row =
        end.output === null
          ? await write(null)
          : await withStored(end.output, write, (ended) => ended !== null);
      if (row === null) return 'lost';
      tellEnd(row);
      return 'ended';
    },
    async release(runId, owner, availableAt) {
      const row = await database.write(() => leases.release(runId, owner, availableAt));
      if (row === null) return 'lost';
      gauge.queued(1);
      publish(row);
      return 'released';
    },
    async saveTrace(runId, owner, trace) {
      await database.write(() => traces.save(runId, owner, trace));
    },
    async requestCancel(runId, now) {
      const requested = await database.write(() => ends.requestCancel(runId, now));
      if (requested.outcome === 'cancelled') {
        gauge.left();
        tellEnd(requested.row);
      }
      if (requested.outcome === 'requested') changes.cancelRequested(runId);
      return requested.outcome;
    },
    stats: countRuns(database),
    queueDepth: async () => queueDepth(),
  };
}

/** The run as dispatch stores it: queued, or started at once by the executor that holds it. */
function asStored(run: Run, lease: Lease | null): Run {
  return lease === null ? run : { ...run, status: 'running', startedAt: lease.now, attempts: 1 };
}

function traceStatements(database: Database) {
  const select = database.statement(
    'SELECT trace FROM traces JOIN runs ON runs.position = traces.position WHERE run_id = ?',
  );
  const selectHeld = database.statement(
    `SELECT position FROM runs WHERE run_id = ? AND lease_owner = ? AND status = 'running'`,
  );
  const put = database.statement('INSERT OR REPLACE INTO traces (position, trace) VALUES (?, ?)');
  return {
    load(runId: string): Trace {
      const row = select.get(runId);
      return row === undefined ? emptyTrace : JSON.parse(text(row, 'trace'));
    },
    save(runId: string, owner: string, trace: Trace): void {
      const held = selectHeld.get(runId, owner);
      if (held !== undefined) put.run(number(held, 'position'), JSON.stringify(trace));
    },
  };
}
