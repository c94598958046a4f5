import { timeOfUuidV7 } from '../../../core/identifiers.ts';
import type { Page } from '../../../core/ports/page.ts';
import type { StoredTrigger, TriggerRecord } from '../../../core/triggers/trigger.ts';
import { idOf, listKeys, runKey, tableIndexes, timeOf } from '../store/keys.ts';
import { collectPage } from '../store/listing.ts';
import type { RunRecords } from './run-records.ts';
import { type StoredRun, storedRun } from './stored-run.ts';
import { arrivalOfContent } from './stored-trigger.ts';

/** `RunStore.findTrigger`: reads the trigger's own record, or the run whose record stands for it. */
export async function findTrigger(records: RunRecords, triggerId: string): Promise<TriggerRecord | null> {
  const found = await records.triggers.find(triggerId);
  if (found !== null) return found;
  const run = await findLoneRun(records, triggerId);
  if (run === null) return null;
  return { ...recordOfLone(run), ...arrivalOfContent(await records.triggers.contentOf(triggerId, run)) };
}

/** `RunStore.getTrigger` */
export async function getTrigger(records: RunRecords, triggerId: string): Promise<StoredTrigger | null> {
  const found = await records.triggers.read(triggerId);
  if (found !== null) return found;
  const run = await findLoneRun(records, triggerId);
  const content = run === null ? null : await records.triggers.contentOf(triggerId, run);
  return run === null || content === null ? null : { ...content, ...recordOfLone(run) };
}

/** The trigger of a run whose record stands for it. */
export function recordOfLone(run: Pick<StoredRun, 'listed' | 'triggerId' | 'connectorId'>): TriggerRecord {
  const { triggerId, connectorId, listed } = run;
  return { triggerId, connectorId, receivedAt: timeOf(listed), runIds: [idOf(listed)] };
}

/**
 * The run of a trigger without its own record: it was queued in the millisecond that the trigger's id contains (see
 * `dispatch-runs.ts`).
 */
async function findLoneRun({ table }: RunRecords, triggerId: string): Promise<StoredRun | null> {
  const at = timeOfUuidV7(triggerId);
  if (at === null) return null;
  const listing = { index: tableIndexes.byTime, partitions: listKeys('RUN'), from: at, to: at + 1 };
  let cursor: string | null = null;
  do {
    const page: Page<StoredRun> = await collectPage(
      table,
      listing,
      { limit: 100, cursor },
      async (places) => {
        const items = await table.getMany(places.map((place) => runKey(idOf(place))));
        return items.map((item) => storedRun.parse(item));
      },
    );
    const run = page.items.find((each) => each.triggerId === triggerId);
    if (run !== undefined) return run;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return null;
}
