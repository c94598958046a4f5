import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import type { WireStats } from '../../src/api/contract/stats.ts';
import { request } from './request.ts';

/** Counts, tokens, cost and durations of the last `periodSeconds`, by time. */
export function useStats(periodSeconds: number) {
  return useQuery({ ...statsQuery(periodSeconds, null), placeholderData: keepPreviousData });
}

/** The same of each agent, as one bucket; `undefined` where it has not come yet. */
export function useAgentStats(periodSeconds: number, agents: readonly string[]) {
  return useQueries({
    queries: agents.map((agent) => statsQuery(periodSeconds, agent)),
    combine: (answers) => new Map(answers.map((answer, index) => [agents[index], answer.data])),
  });
}

function statsQuery(periodSeconds: number, agent: string | null) {
  return queryOptions({
    queryKey: ['stats', periodSeconds, agent],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - periodSeconds * 1_000).toISOString();
      const oneBucket = agent === null ? {} : { agent, bucket_seconds: periodSeconds };
      return request<WireStats>('/stats', { query: { from, ...oneBucket }, signal });
    },
  });
}
