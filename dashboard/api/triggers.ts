import { useQuery } from '@tanstack/react-query';
import type { WireRefusedRequest, WireTrigger } from '../../src/api/contract/trigger.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

/** A trigger's request and its runs. */
export function useTrigger(id: string) {
  return useQuery({
    queryKey: ['triggers', id],
    queryFn: ({ signal }) => request<WireTrigger>(`/triggers/${encodeURIComponent(id)}`, { signal }),
  });
}

/** How long a shown list stays fresh: no event reports refused requests. */
const refusedEveryMs = 10_000;

/** Requests of the last day that started no run, of one connector or of all. */
export function useRefusedRequests(connector?: string) {
  return usePagedList<WireRefusedRequest>(
    ['refused-requests', connector ?? null],
    '/refused-requests',
    { connector },
    refusedEveryMs,
  );
}
