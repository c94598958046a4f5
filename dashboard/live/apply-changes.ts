import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { WireChangeEvent } from '../../src/api/contract/change-event.ts';
import type { WirePage } from '../../src/api/contract/page.ts';
import type { WireRunSummary } from '../../src/api/contract/run.ts';
import type { RunFilters } from '../api/runs.ts';
import { mergeRuns } from './merge-runs.ts';
import { refreshSoon } from './refresh-soon.ts';

/** The minimum time between refetches of the same answer while changes arrive. */
const restMs = 1_000;
/** The same for totals of a day's runs, which cost the server more. */
const restOfNumbersMs = 3_000;

type RunPages = InfiniteData<WirePage<WireRunSummary>, string | null>;

/** Applies changes to cached answers and refetches the others. */
export function applyChanges(queries: QueryClient, changes: readonly WireChangeEvent[]): void {
  const runs = changes.filter((change) => change.type === 'run.updated');
  const deliveries = changes.filter((change) => change.type === 'delivery.updated');
  if (runs.length > 0) applyRuns(queries, runs);
  if (deliveries.length > 0) {
    refreshSoon(queries, ['deliveries'], restMs);
    refreshSoon(queries, ['connectors'], restOfNumbersMs);
  }
  if (changes.some((change) => change.type === 'connector.updated'))
    for (const key of [['connectors'], ['agents']]) refreshSoon(queries, key, restMs);
  if (runs.length > 0) {
    refreshSoon(queries, ['runs', 'recent'], restMs);
    for (const key of [['stats'], ['agents'], ['connectors']]) refreshSoon(queries, key, restOfNumbersMs);
  }
  const touchedRuns = new Set([...runs.map(({ id }) => id), ...deliveries.flatMap(runOfDelivery)]);
  for (const id of touchedRuns) refreshSoon(queries, ['runs', 'one', id], restMs);
}

function applyRuns(queries: QueryClient, changes: readonly WireChangeEvent[]): void {
  const changed = new Map(
    changes.flatMap(({ id, summary }) => (isRunSummary(summary) ? [[id, summary]] : [])),
  );
  for (const [key, pages] of queries.getQueriesData<RunPages>({ queryKey: ['runs', 'list'] })) {
    if (pages !== undefined) queries.setQueryData<RunPages>(key, mergeRuns(pages, changed, filtersOf(key)));
  }
}

/** The filters in a run list's query key, as `runListKey` writes them. */
function filtersOf([, , filters]: readonly unknown[]): RunFilters {
  return typeof filters === 'object' && filters !== null ? filters : {};
}

/** Whether the summary of a `run.updated` has a list row's fields. */
function isRunSummary(summary: unknown): summary is WireRunSummary {
  return typeof summary === 'object' && summary !== null && 'run_id' in summary && 'queued_at' in summary;
}

function runOfDelivery({ summary }: WireChangeEvent): string[] {
  return typeof summary['run_id'] === 'string' ? [summary['run_id']] : [];
}
