import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { WireStats } from '../../src/api/contract/stats.ts';
import { request } from './request.ts';

/** Times are rounded to minutes, so that pages send the same query within a minute and the server counts once. */
const minuteMs = 60_000;

/** The refetch interval: shared counts may lack the latest changes, and queued runs age. */
const lookAgainMs = 30_000;

/**
 * Counts, tokens, cost, and durations of the last `periodSeconds`, by time, agent, and model, and the current queue.
 */
export function useStats(periodSeconds: number) {
  return useQuery({
    queryKey: ['stats', periodSeconds],
    queryFn: ({ signal }) => {
      const from = Math.floor((Date.now() - periodSeconds * 1_000) / minuteMs) * minuteMs;
      return request<WireStats>('/stats', { query: { from: new Date(from).toISOString() }, signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: lookAgainMs,
  });
}
