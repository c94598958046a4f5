import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { WireStats } from '../../src/api/contract/stats.ts';
import { request } from './request.ts';

/** Whole minutes: pages that look within the same one ask the same question, and the server counts once. */
const minuteMs = 60_000;

/** The server shares what took long to count, so the last change of a run may not be in it yet; and what waits ages. */
const lookAgainMs = 30_000;

/** Counts, tokens, cost and durations of the last `periodSeconds`, by time, agent and model; and what waits now. */
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
