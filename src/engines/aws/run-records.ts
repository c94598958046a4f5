import type { Run, RunRecord } from '../../core/run.ts';
import { runKey } from './keys.ts';
import type { PayloadObjects, StoredBody } from './payload-objects.ts';
import type { Retention } from './retention.ts';
import { loadRun, type StoredRun, storedRun } from './stored-run.ts';
import type { TriggerRecords } from './stored-trigger.ts';
import type { Table } from './table.ts';
import type { WorkQueue } from './work-queue.ts';

/** What the verbs of the run store work with. */
export interface RunRecords {
  readonly table: Table;
  readonly objects: PayloadObjects;
  readonly triggers: TriggerRecords;
  readonly queue: WorkQueue;
  /** Unix ms. */
  readonly clock: () => number;
  readonly retention: Retention;
}

/** The run's record as it is now. */
export async function findRun(
  { table }: Pick<RunRecords, 'table'>,
  runId: string,
): Promise<StoredRun | null> {
  const item = await table.get(runKey(runId));
  return item === null ? null : storedRun.parse(item);
}

/** The whole run, its large parts read from where they are. */
export function completeRun({ triggers, objects }: RunRecords, stored: RunRecord & StoredBody): Promise<Run> {
  return loadRun(stored, triggers, objects);
}
