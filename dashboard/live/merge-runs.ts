import type { WirePage } from '../../src/api/contract/page.ts';
import type { WireRunSummary } from '../../src/api/contract/run.ts';
import type { RunFilters } from '../api/runs.ts';

interface RunPages {
  readonly pages: WirePage<WireRunSummary>[];
  readonly pageParams: (string | null)[];
}

/**
 * Merges changed runs into the pages of a run list: updates known runs and puts new ones that match the filters first.
 * Only the server knows which runs match a search, so searches get no new runs.
 */
export function mergeRuns<Pages extends RunPages>(
  pages: Pages,
  changed: ReadonlyMap<string, WireRunSummary>,
  filters: RunFilters,
): Pages {
  const known = new Set<string>();
  const updated = pages.pages.map((page) => ({
    ...page,
    items: page.items.map((run) => {
      known.add(run.run_id);
      return changed.get(run.run_id) ?? run;
    }),
  }));
  const added = [...changed.values()].filter((run) => !known.has(run.run_id) && matches(run, filters));
  added.sort((one, other) => (one.queued_at < other.queued_at ? 1 : -1));
  const [first, ...others] = updated;
  if (first === undefined || added.length === 0) return { ...pages, pages: updated };
  return { ...pages, pages: [{ ...first, items: [...added, ...first.items] }, ...others] };
}

function matches(run: WireRunSummary, filters: RunFilters): boolean {
  if (filters.q) return false;
  if (filters.model && run.model !== filters.model) return false;
  if (filters.min_duration_ms && durationOf(run) < Number(filters.min_duration_ms)) return false;
  if (filters.status && !filters.status.split(',').includes(run.status)) return false;
  if (filters.agent && run.agent_name !== filters.agent) return false;
  if (filters.connector && run.connector_id !== filters.connector) return false;
  if (filters.from && run.queued_at < filters.from) return false;
  return !(filters.to && run.queued_at >= filters.to);
}

/** In ms; -1 if the run has not ended. */
function durationOf({ started_at, ended_at }: WireRunSummary): number {
  return started_at === null || ended_at === null ? -1 : Date.parse(ended_at) - Date.parse(started_at);
}
