import { useMutation, useQuery } from '@tanstack/react-query';
import type { WirePage } from '../../src/api/contract/page.ts';
import type {
  CancelledRun,
  RescheduleBody,
  RescheduledRun,
  StartedRun,
  WireRun,
  WireRunSummary,
} from '../../src/api/contract/run.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

/** Filters of the run list, as in the query of `GET /runs`. */
export interface RunFilters {
  readonly status?: string;
  readonly agent?: string;
  readonly connector?: string;
  readonly model?: string;
  readonly min_duration_ms?: string;
  readonly from?: string;
  readonly to?: string;
  readonly q?: string;
}

const pageSize = 100;
const pathOf = (id: string) => `/runs/${encodeURIComponent(id)}`;

export const runListKey = (filters: RunFilters) => ['runs', 'list', filters] as const;

/**
 * Runs, newest first, in pages. Live changes update its pages, even hidden ones, so it is never refetched
 * automatically: a hundred pages would take a hundred requests.
 */
export function useRunList(filters: RunFilters) {
  const query = { ...filters, limit: pageSize };
  return usePagedList<WireRunSummary>(runListKey(filters), '/runs', query, Number.POSITIVE_INFINITY);
}

/** The newest matching runs, for a short list. */
export function useRecentRuns(filters: RunFilters, limit: number, isEnabled = true) {
  return useQuery({
    queryKey: ['runs', 'recent', filters, limit],
    queryFn: async ({ signal }) => {
      const page = await request<WirePage<WireRunSummary>>('/runs', { query: { ...filters, limit }, signal });
      return page.items;
    },
    enabled: isEnabled,
  });
}

/** How often a running run is reloaded. Engines store its spans once a second, and no event reports them. */
const spansEveryMs = 1_000;

/** A run with its trace, log lines, and deliveries. */
export function useRun(id: string) {
  return useQuery({
    queryKey: ['runs', 'one', id],
    queryFn: ({ signal }) => request<WireRun>(pathOf(id), { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? spansEveryMs : false),
  });
}

export function useCancelRun() {
  return useMutation({ mutationFn: cancelRun });
}

/** Changes when a scheduled run is due; refused with 409 if it has started. */
export function useReschedule(id: string) {
  return useMutation({
    mutationFn: (when: RescheduleBody) =>
      request<RescheduledRun>(pathOf(id), { method: 'PATCH', body: when }),
  });
}

export function useRunAgain() {
  return useMutation({ mutationFn: (id: string) => runAgain(id) });
}

/** Cancels a run; refused with 409 if it has ended. */
export function cancelRun(id: string): Promise<CancelledRun> {
  return request<CancelledRun>(`${pathOf(id)}/cancel`, { method: 'POST' });
}

/** Starts a new run with another run's payload. */
export function runAgain(id: string): Promise<StartedRun> {
  return request<StartedRun>(`${pathOf(id)}/run-again`, { method: 'POST' });
}

/** Starts a new run like another one, with a different payload. */
export function useRunAgainWith(id: string) {
  return useMutation({
    mutationFn: (payload: unknown) =>
      request<StartedRun>(`${pathOf(id)}/run-again`, { method: 'POST', body: { payload } }),
  });
}
