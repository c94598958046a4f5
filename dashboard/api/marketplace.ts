import { useQuery } from '@tanstack/react-query';
import type { WireConnectorType } from '../../src/api/contract/connector-type.ts';
import { request } from './request.ts';

/** The marketplace. It changes only with the product, so it is read once. */
export function useConnectorTypes() {
  return useQuery({
    queryKey: ['connector-types'],
    queryFn: async ({ signal }) => {
      const { items } = await request<{ items: WireConnectorType[] }>('/connector-types', { signal });
      return items;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
