import * as z from 'zod';
import type { QueueDepth, RunStats, StatsQuery } from '../../../core/ports/run-store.ts';
import { type RunStatus, runStatuses } from '../../../core/runs/run.ts';
import { RunTally } from '../../run-tally.ts';
import { filterOn } from '../store/expressions.ts';
import { idOf, listKeys, runKey, type TableIndex, tableIndexes, timeBound, timeOf } from '../store/keys.ts';
import { allItems, type Item, type PartitionQuery, type Table } from '../store/table.ts';
import { counted, dueSince, heldDueAt, storedSummary } from './stored-run.ts';

const place = z.object({ listed: z.string() });

/** A queued run in the index by state. */
const queuedEntry = place.extend({ dueAt: z.number() });

/** A run in the index by time. `counted` is what statistics count once it has ended. */
const timeEntry = place.extend({
  agentName: z.string(),
  connectorId: z.string().nullable().default(null),
  counted: counted.optional(),
});
type Owners = Pick<z.infer<typeof timeEntry>, 'agentName' | 'connectorId'>;

/** An open run in the index by state. */
const openEntry = place.extend({ agentName: z.string(), status: z.enum(runStatuses) });

/**
 * `RunStore.stats`: reads one small index entry per run of the period, all shards in parallel, so that the figures are
 * exact and creating runs needs no counters. A million runs are about 250 MB of index, or 32,000 read units at half a
 * unit per 4 kB (half a cent), in 16 streams of pages.
 */
export async function runStats(table: Table, query: StatsQuery): Promise<RunStats> {
  const tally = new RunTally(query);
  /** Open runs by their place, with their owners: the index by time does not contain their status. */
  const open = new Map<string, Owners>();
  await eachEntry(table, listKeys('RUN'), tableIndexes.byTime, query, (item) => {
    const { listed, counted: end, ...owners } = timeEntry.parse(item);
    const queuedAt = timeOf(listed);
    if (queuedAt >= query.to) return;
    if (end === undefined) open.set(listed, owners);
    else tally.add({ ...owners, queuedAt, ...end });
  });
  if (open.size > 0) await countOpen(table, query, open, tally);
  return tally.toStats();
}

/** Counts open runs by status. A run that ends during the count counts as running. */
async function countOpen(
  table: Table,
  query: StatsQuery,
  open: ReadonlyMap<string, Owners>,
  tally: RunTally,
): Promise<void> {
  const waiting = new Map<string, RunStatus>();
  const partitions = [...listKeys('OPEN-RUN'), ...listKeys('RUN', 'scheduled')];
  await eachEntry(table, partitions, tableIndexes.byState, query, (item) => {
    const { listed, status } = openEntry.parse(item);
    if (status === 'queued' || status === 'scheduled') waiting.set(listed, status);
  });
  const nothing = { startedAt: null, endedAt: null, tokenUsage: null, costUsd: null, model: null };
  for (const [listed, owners] of open) {
    const status = waiting.get(listed) ?? 'running';
    tally.add({ ...owners, queuedAt: timeOf(listed), status, ...nothing });
  }
}

async function eachEntry(
  table: Table,
  partitions: readonly string[],
  index: TableIndex,
  query: StatsQuery,
  take: (item: Item) => void,
): Promise<void> {
  await Promise.all(
    partitions.map(async (partition) => {
      for await (const item of allItems(table, entriesOf(query, index, partition))) take(item);
    }),
  );
}

function entriesOf(query: StatsQuery, index: TableIndex, partition: string): PartitionQuery {
  return {
    index,
    partition,
    between: [timeBound(query.from), timeBound(query.to)],
    ...filterOn({ agentName: query.agentName }),
  };
}

/** `RunStore.queueDepth`: reads the entries of queued runs, all shards in parallel. */
export async function queueDepth(table: Table): Promise<QueueDepth> {
  const waiting = await Promise.all(
    listKeys('OPEN-RUN').map(async (partition) => {
      let queued = 0;
      let held = 0;
      let oldest: string | null = null;
      const query = { index: tableIndexes.byState, partition, ...filterOn({ status: 'queued' }) };
      for await (const item of allItems(table, query)) {
        const { listed, dueAt } = queuedEntry.parse(item);
        queued += 1;
        // Runs that wait in a hold have a time of their own.
        if (dueAt >= heldDueAt) held += 1;
        else oldest ??= listed;
      }
      return { queued, held, oldest };
    }),
  );
  const [oldest] = waiting.flatMap((partition) => partition.oldest ?? []).sort();
  return {
    queued: waiting.reduce((sum, { queued }) => sum + queued, 0),
    held: waiting.reduce((sum, { held }) => sum + held, 0),
    oldestQueuedAt: oldest === undefined ? null : await waitingSince(table, oldest),
  };
}

/** Since when a queued run has waited: one that was scheduled is in its place from long before. */
async function waitingSince(table: Table, listed: string): Promise<number> {
  const item = await table.get(runKey(idOf(listed)));
  return item === null ? timeOf(listed) : dueSince(storedSummary.parse(item));
}
