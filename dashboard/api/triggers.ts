import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { WirePage } from '../../src/api/contract/page.ts';
import type {
  SentThrough,
  TriggerListQuery,
  WireRefusedRequest,
  WireTrigger,
  WireTriggerSummary,
} from '../../src/api/contract/trigger.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

const pathOf = (id: string) => `/triggers/${encodeURIComponent(id)}`;

/** A trigger's request and its runs. */
export function useTrigger(id: string) {
  return useQuery({
    queryKey: ['triggers', id],
    queryFn: ({ signal }) => request<WireTrigger>(pathOf(id), { signal }),
  });
}

/** How long a shown list stays fresh: no event reports filtered events and refused requests. */
const staleAfterMs = 10_000;

export type TriggerFilters = Pick<TriggerListQuery, 'outcome' | 'connector'>;

/** What came in and what became of it, newest first, in pages. */
export function useTriggerList(filters: TriggerFilters) {
  return usePagedList<WireTriggerSummary>(['triggers', 'list', filters], '/triggers', filters, staleAfterMs);
}

/** The newest events and requests of a connector, for a short list. */
export function useRecentTriggers(connector: string, limit: number, isEnabled = true) {
  return useQuery({
    queryKey: ['triggers', 'recent', connector, limit],
    queryFn: async ({ signal }) => {
      const query = { connector, limit };
      const page = await request<WirePage<WireTriggerSummary>>('/triggers', { query, signal });
      return page.items;
    },
    enabled: isEnabled,
  });
}

/** The newest request of the last day that a connector refused; `null` if there is none. */
export function useLastRefused(connector: string) {
  return useQuery({
    queryKey: ['refused-requests', connector, 'last'],
    queryFn: async ({ signal }) => {
      const query = { connector, limit: 1 };
      const page = await request<WirePage<WireRefusedRequest>>('/refused-requests', { query, signal });
      return page.items[0] ?? null;
    },
    staleTime: staleAfterMs,
  });
}

/** Starts the runs that a filter has kept an event from. */
export function useSendThrough(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => request<SentThrough>(`${pathOf(id)}/send-through`, { method: 'POST' }),
    onSuccess: async () => {
      const keys = [['triggers'], ['connectors'], ['audit-log'], ['runs', 'recent']];
      await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
}

/** Requests of the last day that started no run, of one connector or of all. */
export function useRefusedRequests(connector?: string) {
  return usePagedList<WireRefusedRequest>(
    ['refused-requests', connector ?? null],
    '/refused-requests',
    { connector },
    staleAfterMs,
  );
}
