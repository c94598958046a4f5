import { RetryableError } from '../../../core/errors.ts';
import type { Dispatch, Dispatched, Lease, RunStore } from '../../../core/ports/run-store.ts';
import type { Run } from '../../../core/run.ts';
import type { Changes } from '../changes.ts';
import type { Database } from '../database.ts';
import { payloadFileUse } from '../payload-file-use.ts';
import type { PayloadFiles } from '../payload-files.ts';
import type { HeldRuns } from './held-runs.ts';
import type { QueueGauge } from './queue-gauge.ts';
import { removeFiles, storePayloads } from './store-payloads.ts';
import { dispatchRows } from './written-rows.ts';

interface DispatchParts {
  readonly database: Database;
  readonly files: PayloadFiles;
  readonly changes: Changes;
  readonly gauge: QueueGauge;
  readonly held: HeldRuns;
}

/** Stores triggers with their runs, as far as there is room: in one write, but where repeats make room for more. */
export function storeDispatches(parts: DispatchParts): RunStore['dispatchAll'] {
  const { database, files, changes, gauge, held } = parts;
  const isUsed = payloadFileUse(database);

  const publish = ({ runs, lease }: Dispatch) => {
    for (const run of runs) changes.publish(() => ({ type: 'run.updated', run: asStored(run, lease) }));
  };
  const takePlaces = ({ runs, lease }: Dispatch) =>
    lease === null ? gauge.take(runs.length) : held.take(runs.map(({ runId }) => runId));
  const givePlacesBack = ({ runs, lease }: Dispatch) => {
    if (lease === null) gauge.left(runs.length);
    else for (const { runId } of runs) held.free(runId);
  };

  /** The first ones, as many as there is room for; counted from now on. */
  const admit = (dispatches: readonly Dispatch[]) => {
    const withoutRoom = dispatches.findIndex((dispatch) => !takePlaces(dispatch));
    return withoutRoom < 0 ? dispatches : dispatches.slice(0, withoutRoom);
  };
  const write = async (dispatches: readonly Dispatch[]) => {
    const payloads = await storePayloads(files, dispatches);
    const rows = dispatchRows(dispatches, payloads);
    try {
      const unstored = await (dispatches.length > 1
        ? database.writeAtOnce('dispatchRuns', rows)
        : database.write('dispatchRuns', rows));
      await removeFiles(
        files,
        payloads.filter((_, index) => unstored[index] !== null),
      );
      return unstored;
    } catch (thrown) {
      // Where the writer broke off, the rows tell what it has done.
      await removeFiles(
        files,
        payloads.filter(({ file }) => file !== null && !isUsed(file)),
      );
      throw thrown;
    }
  };
  const store = async (admitted: readonly Dispatch[]): Promise<Dispatched[]> => {
    const unstored = await write(admitted).catch((thrown: unknown) => {
      for (const dispatch of admitted) givePlacesBack(dispatch);
      throw thrown;
    });
    for (const [index, dispatch] of admitted.entries()) {
      if (unstored[index] === null) publish(dispatch);
      else givePlacesBack(dispatch);
    }
    return unstored.map((one) => one ?? { outcome: 'stored' });
  };

  return async (dispatches) => {
    const outcomes: Dispatched[] = [];
    while (outcomes.length < dispatches.length) {
      // Those that came before have given their places back: there may be room for more.
      const admitted = admit(dispatches.slice(outcomes.length));
      if (admitted.length === 0) break;
      try {
        outcomes.push(...(await store(admitted)));
      } catch (thrown) {
        if (outcomes.length === 0 || !(thrown instanceof RetryableError)) throw thrown;
        break;
      }
    }
    return dispatches.map((_, index) => outcomes[index] ?? gauge.overloaded());
  };
}

/** The run as it is stored: queued, or started at once by the executor that holds it. */
function asStored(run: Run, lease: Lease | null): Run {
  return lease === null ? run : { ...run, status: 'running', startedAt: lease.now, attempts: 1 };
}
