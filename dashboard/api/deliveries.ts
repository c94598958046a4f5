import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Redelivered, WireDelivery } from '../../src/api/contract/delivery.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

export interface DeliveryFilters {
  readonly status?: string;
  readonly connector?: string;
  readonly from?: string;
  readonly to?: string;
}

/** Deliveries, newest first, page by page. */
export function useDeliveryList(filters: DeliveryFilters) {
  return usePagedList<WireDelivery>(['deliveries', 'list', filters], '/deliveries', { ...filters });
}

/** Makes one ended delivery pending again. */
export function useRedeliver() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      request<WireDelivery>(`/deliveries/${encodeURIComponent(id)}/redeliver`, { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['deliveries'] }),
  });
}

/** Makes every failed delivery that matches pending again; at most 1,000 a call. */
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
