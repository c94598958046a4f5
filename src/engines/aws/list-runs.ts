import type { Page } from '../../core/ports/page.ts';
import type { RunQuery } from '../../core/ports/run-store.ts';
import type { Run, RunSummary } from '../../core/run.ts';
import { matchesContext, textFinder } from '../search-text.ts';
import type { Condition } from './expressions.ts';
import { idOf, listKeys, runKey } from './keys.ts';
import { collectPage, inOrder, type Listing } from './listing.ts';
import { completeRun, type RunRecords } from './run-records.ts';
import { type StoredRun, storedRun, storedSummary, summaryOf } from './stored-run.ts';
import { tableIndexes } from './table-schema.ts';

/** A search reads each run with its payload: so many at a time, and some times that for a page. */
const searchBatch = 100;

/** `RunStore.list`: places from the index that leaves the least over, then the records as they are now. */
export async function listRuns(records: RunRecords, query: RunQuery): Promise<Page<RunSummary>> {
  const load = (places: readonly string[]) => loadMatching(records, query, places.map(idOf));
  const batch = query.search === undefined ? query.limit : searchBatch;
  return collectPage(records.table, runListing(query), query, load, batch);
}

/** The index to ask: few runs are in any status but `completed`, so those come first. */
function runListing(query: RunQuery): Listing {
  const { statuses, agentName, connectorId } = query;
  const bounds = {
    ...(query.from === undefined ? {} : { from: query.from }),
    ...(query.to === undefined ? {} : { to: query.to }),
  };
  const byStatusOnly = agentName === undefined && connectorId === undefined;
  if (statuses !== undefined && (byStatusOnly || !statuses.includes('completed'))) {
    const partitions = [...new Set(statuses)].flatMap((status) => listKeys('RUN', status));
    return { index: tableIndexes.byStatus, partitions, ...filterOn({ agentName, connectorId }), ...bounds };
  }
  if (connectorId !== undefined) {
    const partitions = listKeys('RUN', connectorId);
    return { index: tableIndexes.byConnector, partitions, ...filterOn({ agentName }), ...bounds };
  }
  if (agentName !== undefined) {
    return { index: tableIndexes.byAgent, partitions: listKeys('RUN', agentName), ...bounds };
  }
  return { index: tableIndexes.byTime, partitions: listKeys('RUN'), ...bounds };
}

/** A filter that keeps items whose fields have the given values. */
export function filterOn(fields: Readonly<Record<string, unknown>>): { readonly filter?: Condition } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (given.length === 0) return {};
  return {
    filter: {
      expression: given.map(([name]) => `#${name} = :${name}`).join(' AND '),
      values: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
    },
  };
}

async function loadMatching(
  records: RunRecords,
  query: RunQuery,
  runIds: readonly string[],
): Promise<(RunSummary | null)[]> {
  const { search, statuses } = query;
  const attributes = search === undefined ? Object.keys(storedSummary.shape) : undefined;
  const items = await records.table.getMany(runIds.map(runKey), attributes);
  if (search === undefined) {
    const summaries = items.map((item) => storedSummary.parse(item));
    return inOrder(runIds, summaries, ({ runId }) => runId).map((run) =>
      hasStatus(run, statuses) ? run : null,
    );
  }
  const stored = items.map((item) => storedRun.parse(item)).filter((run) => hasStatus(run, statuses));
  const found = await Promise.all(stored.map((run) => matching(records, run, search)));
  return inOrder(
    runIds,
    found.filter((run) => run !== null),
    ({ runId }) => runId,
  );
}

/** The index may be a moment behind the record. */
function hasStatus(run: RunSummary | null, statuses: RunQuery['statuses']): boolean {
  return run !== null && (statuses?.includes(run.status) ?? true);
}

async function matching(records: RunRecords, stored: StoredRun, search: string): Promise<RunSummary | null> {
  const run = await completeRun(records, stored);
  return matchesSearch(run, search) ? summaryOf(run) : null;
}

/** As `RunQuery.search` says. */
function matchesSearch(run: Run, search: string): boolean {
  if (matchesContext(search, () => run.context)) return true;
  const contains = textFinder(search);
  return [run.payload.text, run.output, run.error?.message].some((text) => contains(text ?? ''));
}
