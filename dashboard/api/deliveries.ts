import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  Dropped,
  Redelivered,
  WireDelivery,
  WireHeldDeliveries,
  WireShownDelivery,
} from '../../src/api/contract/delivery.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

export interface DeliveryFilters {
  readonly status?: string;
  readonly connector?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Deliveries, newest first, in pages. */
export function useDeliveryList(filters: DeliveryFilters) {
  return usePagedList<WireDelivery>(['deliveries', 'list', filters], '/deliveries', { ...filters });
}

/** A delivery with its content and the outcome of each attempt. */
export function useDelivery(id: string) {
  return useQuery({
    queryKey: ['deliveries', 'one', id],
    queryFn: ({ signal }) => request<WireShownDelivery>(`/deliveries/${encodeURIComponent(id)}`, { signal }),
  });
}

/** The number of results held for a connector. */
export function useHeldDeliveries(connector: string) {
  return useQuery({
    queryKey: ['deliveries', 'held', connector],
    queryFn: ({ signal }) =>
      request<WireHeldDeliveries>('/deliveries/held', { query: { connector }, signal }),
  });
}

/** Makes a delivery due now. */
export function useRedeliver() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      request<WireDelivery>(`/deliveries/${encodeURIComponent(id)}/redeliver`, { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
}

/** Makes matching failed deliveries pending again, at most 1,000 per call. */
export function useRedeliverFailed() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ connector, from, to }: DeliveryFilters) =>
      request<Redelivered>('/deliveries/redeliver', {
        method: 'POST',
        body: { status: 'failed', connector, from, to },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
}

/** Cancels a held delivery. */
export function useDrop() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      request<WireDelivery>(`/deliveries/${encodeURIComponent(id)}/drop`, { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
}

/** Cancels the deliveries held for a connector, at most 1,000 per call. */
export function useDropHeld() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (connector: string) =>
      request<Dropped>('/deliveries/drop', { method: 'POST', body: { connector } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
}
