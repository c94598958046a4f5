import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { WireStats } from '../../src/api/contract/stats.ts';
import { request } from './request.ts';

/** Counts, tokens, cost and durations of the last `periodSeconds`, by time. */
export function useStats(periodSeconds: number, agent?: string) {
  return useQuery({
    queryKey: ['stats', periodSeconds, agent ?? null],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - periodSeconds * 1_000).toISOString();
      return request<WireStats>('/stats', { query: { from, agent }, signal });
    },
    placeholderData: keepPreviousData,
  });
}
