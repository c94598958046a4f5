import * as z from 'zod';
import type { QueueDepth, RunStats, StatsQuery } from '../../core/ports/run-store.ts';
import { runStatuses } from '../../core/run.ts';
import { RunTally } from '../run-tally.ts';
import { allItems } from './all-items.ts';
import { listKeys, timeBound, timeOf } from './keys.ts';
import { filterOn } from './list-runs.ts';
import type { PartitionQuery, Table } from './table.ts';
import { tableIndexes } from './table-schema.ts';

const place = z.object({ listed: z.string() });

/** What the index by time holds of a run. */
const countedRun = place.extend({
  agentName: z.string(),
  model: z.string().nullable(),
  status: z.enum(runStatuses),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  tokenUsage: z.object({ input: z.number(), output: z.number(), total: z.number() }).nullable(),
  costUsd: z.number().nullable(),
});

/**
 * `RunStore.stats`: reads one small index entry for each run of the time, all shards at once, so that the figures are
 * exact and nothing has to be counted while runs are made. A million runs are some 250 MB of index, about 16,000 read units
 * (half a cent), in 16 streams of pages.
 */
export async function runStats(table: Table, query: StatsQuery): Promise<RunStats> {
  const tally = new RunTally(query);
  await Promise.all(
    listKeys('RUN').map(async (partition) => {
      for await (const item of allItems(table, entriesOf(query, partition))) {
        const { listed, ...run } = countedRun.parse(item);
        const queuedAt = timeOf(listed);
        if (queuedAt < query.to) tally.add({ ...run, queuedAt });
      }
    }),
  );
  return tally.toStats();
}

function entriesOf(query: StatsQuery, partition: string): PartitionQuery {
  return {
    index: tableIndexes.byTime,
    partition,
    between: [timeBound(query.from), timeBound(query.to)],
    ...filterOn({ agentName: query.agentName }),
  };
}

/** `RunStore.queueDepth`: the entries of the index by status, as many as wait, all shards at once. */
export async function queueDepth(table: Table): Promise<QueueDepth> {
  const waiting = await Promise.all(
    listKeys('RUN', 'queued').map(async (partition) => {
      let queued = 0;
      let oldest: number | null = null;
      for await (const item of allItems(table, { index: tableIndexes.byStatus, partition })) {
        oldest ??= timeOf(place.parse(item).listed);
        queued += 1;
      }
      return { queued, oldest };
    }),
  );
  const times = waiting.flatMap(({ oldest }) => (oldest === null ? [] : [oldest]));
  return {
    queued: waiting.reduce((sum, { queued }) => sum + queued, 0),
    oldestQueuedAt: times.length === 0 ? null : Math.min(...times),
  };
}
