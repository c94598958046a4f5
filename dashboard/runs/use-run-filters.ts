import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { RunFilters } from '../api/runs.ts';

const names = ['status', 'agent', 'connector', 'model', 'min_duration_ms', 'from', 'to', 'q'] as const;

/** The filters of the run list. The URL holds them, so that a filtered list can be bookmarked and shared. */
export function useRunFilters(): [RunFilters, (changed: RunFilters) => void] {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(() => filtersIn(search), [search]);
  const change = (changed: RunFilters) => {
    const next = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filters, ...changed })) if (value) next.set(name, value);
    setSearch(next, { replace: true });
  };
  return [filters, change];
}

function filtersIn(search: URLSearchParams): RunFilters {
  const given = names.flatMap((name) => {
    const value = search.get(name);
    return value ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given);
}
