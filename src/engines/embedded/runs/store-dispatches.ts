import type { Dispatch, Lease, RunStore } from '../../../core/ports/run-store.ts';
import type { Run } from '../../../core/run.ts';
import type { Changes } from '../changes.ts';
import type { Database } from '../database.ts';
import type { PayloadFiles, StoredText } from '../payload-files.ts';
import type { HeldRuns } from './held-runs.ts';
import type { QueueGauge } from './queue-gauge.ts';
import { dispatchRows } from './written-rows.ts';

interface DispatchParts {
  readonly database: Database;
  readonly files: PayloadFiles;
  readonly changes: Changes;
  readonly gauge: QueueGauge;
  readonly held: HeldRuns;
}

/** Stores triggers with their runs, as far as there is room: all in one write. */
export function storeDispatches(parts: DispatchParts): RunStore['dispatchAll'] {
  const { database, files, changes, gauge, held } = parts;

  const publish = ({ runs, lease }: Dispatch) => {
    for (const run of runs) changes.publish(() => ({ type: 'run.updated', run: asStored(run, lease) }));
  };
  const takePlaces = ({ runs, lease }: Dispatch) =>
    lease === null ? gauge.take(runs.length) : held.take(runs.map(({ runId }) => runId));
  const givePlacesBack = ({ runs, lease }: Dispatch) => {
    if (lease === null) gauge.left(runs.length);
    else for (const { runId } of runs) held.free(runId);
  };

  return async (dispatches) => {
    const withoutRoom = dispatches.findIndex((dispatch) => !takePlaces(dispatch));
    const admitted = withoutRoom < 0 ? dispatches : dispatches.slice(0, withoutRoom);
    const payloads: StoredText[] = [];
    const write = async () => {
      if (admitted.length === 0) return [];
      const texts = admitted.map(({ trigger }) => JSON.stringify(trigger.payload));
      payloads.push(...(await Promise.all(texts.map((text) => files.store(text)))));
      const rows = dispatchRows(admitted, payloads);
      return admitted.length > 1
        ? database.writeAtOnce('dispatchRuns', rows)
        : database.write('dispatchRuns', rows);
    };
    const unstored = await write().catch((thrown: unknown) => {
      for (const dispatch of admitted) givePlacesBack(dispatch);
      throw thrown;
    });
    for (const [index, dispatch] of admitted.entries()) {
      if (unstored[index] === null) publish(dispatch);
      else {
        givePlacesBack(dispatch);
        const file = payloads[index]?.file ?? null;
        if (file !== null) await files.remove(file);
      }
    }
    return dispatches.map((_, index) =>
      index < admitted.length ? (unstored[index] ?? { outcome: 'stored' }) : gauge.overloaded(),
    );
  };
}

/** The run as it is stored: queued, or started at once by the executor that holds it. */
function asStored(run: Run, lease: Lease | null): Run {
  return lease === null ? run : { ...run, status: 'running', startedAt: lease.now, attempts: 1 };
}
