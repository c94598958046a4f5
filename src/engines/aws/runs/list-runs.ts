import type { Page } from '../../../core/ports/page.ts';
import type { RunQuery } from '../../../core/ports/run-store.ts';
import { hasEnded, type Run, type RunStatus, type RunSummary } from '../../../core/runs/run.ts';
import { isAmong } from '../../../core/runs/runs-of-id.ts';
import { matchesContext, textFinder } from '../../search-text.ts';
import { both, type Condition, filterOn, oneOf } from '../store/expressions.ts';
import { idOf, listKeys, runKey, tableIndexes } from '../store/keys.ts';
import { collectPage, inOrder, type Listing } from '../store/listing.ts';
import { completeRun, type RunRecords } from './run-records.ts';
import { type StoredRun, storedRun, storedSummary, summaryOf } from './stored-run.ts';

/** A search reads each run with its payload: this many at a time, several times per page. */
const searchBatch = 100;

/** `RunStore.list`: places from the most selective index, then the current records. */
export async function listRuns(records: RunRecords, query: RunQuery): Promise<Page<RunSummary>> {
  const load = (places: readonly string[]) => loadMatching(records, query, places.map(idOf));
  const batch = query.search === undefined ? query.limit : searchBatch;
  return collectPage(records.table, runListing(query), query, load, batch);
}

/** The index to query. Runs of every status except `completed` are in the lists by state, which are short. */
function runListing(query: RunQuery): Listing {
  const { statuses, agentName, connectorId, model } = query;
  const bounds = {
    ...(query.from === undefined ? {} : { from: query.from }),
    ...(query.to === undefined ? {} : { to: query.to }),
  };
  if (statuses !== undefined && !statuses.includes('completed')) {
    const index = tableIndexes.byState;
    const closed = statuses.flatMap(closedPartitions);
    const wanted = filterOn({ agentName, connectorId });
    const filter = both(wanted.filter, oneOf('#status', statuses));
    const open = { partitions: listKeys('OPEN-RUN'), filter };
    return statuses.every(isApart)
      ? { index, partitions: closed, ...wanted, beside: open, ...bounds }
      : { index, partitions: [...open.partitions, ...closed], filter, ...bounds };
  }
  if (connectorId !== undefined) {
    const partitions = listKeys('RUN', connectorId);
    return { index: tableIndexes.byConnector, partitions, ...filterOn({ agentName }), ...bounds };
  }
  if (agentName !== undefined) {
    return { index: tableIndexes.byAgent, partitions: listKeys('RUN', agentName), ...bounds };
  }
  const ended = statuses?.every(hasEnded) === true ? oneOf('#counted.#status', statuses) : undefined;
  const filter = model === undefined ? ended : both(ended, hasModel(model));
  const filtered = filter === undefined ? {} : { filter };
  return { index: tableIndexes.byTime, partitions: listKeys('RUN'), ...filtered, ...bounds };
}

function hasModel(model: string): Condition {
  return { expression: '#counted.#model = :model', values: { ':model': model } };
}

/** Whether the runs of a status have partitions of their own, apart from open ones. */
function isApart(status: RunStatus): boolean {
  return status === 'scheduled' || hasEnded(status);
}

/**
 * Ended runs appear here once their deliveries are planned. Until then, for a few seconds, they are among the open
 * runs; if very many runs are open, a list may miss them for that long.
 */
function closedPartitions(status: RunStatus): string[] {
  return isApart(status) ? listKeys('RUN', status) : [];
}

async function loadMatching(
  records: RunRecords,
  query: RunQuery,
  runIds: readonly string[],
): Promise<(RunSummary | null)[]> {
  const { search } = query;
  const attributes = search === undefined ? Object.keys(storedSummary.shape) : undefined;
  const items = await records.table.getMany(runIds.map(runKey), attributes);
  if (search === undefined) {
    const summaries = items.map((item) => summaryOf(storedSummary.parse(item)));
    return inOrder(runIds, summaries, ({ runId }) => runId).map((run) => (isWanted(run, query) ? run : null));
  }
  const stored = items.map((item) => storedRun.parse(item)).filter((run) => isWanted(summaryOf(run), query));
  const found = await Promise.all(stored.map((run) => matching(records, run, search)));
  return inOrder(
    runIds,
    found.filter((run) => run !== null),
    ({ runId }) => runId,
  );
}

/** Applies the filters that an index lacks, or for which it may lag behind the record. */
function isWanted(run: RunSummary | null, query: RunQuery): boolean {
  return run !== null && isAmong(run, query);
}

async function matching(records: RunRecords, stored: StoredRun, search: string): Promise<RunSummary | null> {
  const run = await completeRun(records, stored);
  return matchesSearch(run, search) ? summaryOf(stored) : null;
}

/** Implements `RunQuery.search`. */
function matchesSearch(run: Run, search: string): boolean {
  if (matchesContext(search, () => run.context)) return true;
  const contains = textFinder(search);
  return [run.payload.text, run.output, run.error?.message].some((text) => contains(text ?? ''));
}
