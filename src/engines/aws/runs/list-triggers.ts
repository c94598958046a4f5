import * as z from 'zod';
import type { Page, Placed } from '../../../core/ports/page.ts';
import type { FilteredCount, RunStore, TriggerQuery } from '../../../core/ports/run-store.ts';
import type { TriggerRecord } from '../../../core/triggers/trigger.ts';
import { matchesContext, textFinder } from '../../search-text.ts';
import { idOf, listKeys, runKey, tableIndexes, timeBound, timeOf, triggerKey } from '../store/keys.ts';
import { collectPage, type Listing } from '../store/listing.ts';
import type { StoredBody } from '../store/payload-objects.ts';
import { allItems, type Item, type Table } from '../store/table.ts';
import { recordOfLone } from './find-trigger.ts';
import type { RunRecords } from './run-records.ts';
import { storedRun } from './stored-run.ts';
import { listedTrigger, triggerRecordOf } from './stored-trigger.ts';

/** A search reads each trigger with its payload: this many at a time, several times per page. */
const searchBatch = 100;

type Found = Placed<TriggerRecord> | null;

/**
 * `RunStore.listTriggers`. Accepted triggers have no list of their own, which would cost a write for each event: they
 * are found by their runs.
 */
export async function listTriggers(
  records: RunRecords,
  query: TriggerQuery,
): Promise<Page<Placed<TriggerRecord>>> {
  const { outcome, search, limit } = query;
  const load = async (places: readonly string[]) => {
    const found = await (outcome === 'filtered' ? loadFiltered : loadAccepted)(records, places);
    if (search === undefined) return found.map(placedOf);
    const matching = await Promise.all(found.map((one) => matches(records, one, search)));
    return found.map((one, index) => (matching[index] ? placedOf(one) : null));
  };
  const batch = search === undefined ? limit : searchBatch;
  return collectPage(records.table, triggerListing(query), query, load, batch);
}

function triggerListing({ outcome, connectorId, from, to }: TriggerQuery): Listing {
  const kind = outcome === 'filtered' ? 'FILTERED' : 'RUN';
  return {
    index: connectorId === undefined ? tableIndexes.byTime : tableIndexes.byConnector,
    partitions: connectorId === undefined ? listKeys(kind) : listKeys(kind, connectorId),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** A trigger in a list, and the record that has its content. */
interface Listed {
  readonly place: string;
  /** `null` if the place stands for no trigger of this list. */
  readonly record: TriggerRecord | null;
  readonly body: StoredBody;
}

function placedOf({ place, record }: Listed): Found {
  return record === null ? null : { item: record, cursor: place };
}

async function loadFiltered({ table }: RunRecords, places: readonly string[]): Promise<Listed[]> {
  const byId = await triggersById(table, places.map(idOf));
  return places.map((place) => {
    const item = byId.get(idOf(place));
    return { place, record: item === undefined ? null : triggerRecordOf(item), body: {} };
  });
}

/** A trigger is listed where its first run is. Runs that rerun others, or were sent through by hand, stand for none. */
async function loadAccepted({ table }: RunRecords, places: readonly string[]): Promise<Listed[]> {
  const items = await table.getMany(
    places.map((place) => runKey(idOf(place))),
    runAttributes,
  );
  const runs = new Map(items.map((item) => listedRun.parse(item)).map((run) => [run.listed, run]));
  const byId = await triggersById(table, [...new Set([...runs.values()].map((run) => run.triggerId))]);
  return places.map((place) => {
    const run = runs.get(place);
    const item = run === undefined ? undefined : byId.get(run.triggerId);
    const body = run ?? {};
    if (run === undefined || isRerun(run)) return { place, record: null, body };
    if (item === undefined) return { place, record: recordOfLone(run), body };
    const record = triggerRecordOf(item);
    const isFirst = record.filtered === undefined && record.runIds[0] === idOf(place);
    return { place, record: isFirst ? record : null, body };
  });
}

/** Runs that other runs have started name them in their chain. */
function isRerun({ parentRunId, chain }: z.infer<typeof listedRun>): boolean {
  return parentRunId !== null && parentRunId !== chain.at(-1);
}

const listedRun = storedRun.pick({
  listed: true,
  triggerId: true,
  connectorId: true,
  parentRunId: true,
  chain: true,
  body: true,
  bodyObject: true,
});
const runAttributes = Object.keys(listedRun.shape);

async function triggersById(table: Table, triggerIds: readonly string[]): Promise<Map<string, Item>> {
  const items = await table.getMany(triggerIds.map(triggerKey), Object.keys(listedTrigger.shape));
  return new Map(items.map((item) => [listedTrigger.parse(item).triggerId, item]));
}

async function matches({ triggers }: RunRecords, { record, body }: Listed, search: string): Promise<boolean> {
  const content = record === null ? null : await triggers.contentOf(record.triggerId, body);
  if (content === null) return false;
  return matchesContext(search, () => content.context) || textFinder(search)(content.payload.text);
}

const countedEntry = z.object({ listed: z.string(), connectorId: z.string() });

/** `RunStore.countFiltered`: reads one small index entry per filtered trigger, all shards in parallel. */
export async function countFiltered(
  table: Table,
  { from, to }: Parameters<RunStore['countFiltered']>[0],
): ReturnType<RunStore['countFiltered']> {
  const counts = new Map<string, FilteredCount>();
  const between = [timeBound(from), timeBound(to)] as const;
  await Promise.all(
    listKeys('FILTERED').map(async (partition) => {
      for await (const item of allItems(table, { index: tableIndexes.byTime, partition, between })) {
        const { listed, connectorId } = countedEntry.parse(item);
        const before = counts.get(connectorId) ?? { filtered: 0, lastReceivedAt: 0 };
        const lastReceivedAt = Math.max(before.lastReceivedAt, timeOf(listed));
        counts.set(connectorId, { filtered: before.filtered + 1, lastReceivedAt });
      }
    }),
  );
  return counts;
}
