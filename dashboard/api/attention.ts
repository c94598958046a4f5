import { useQuery } from '@tanstack/react-query';
import type { AttentionList } from '../../src/api/contract/attention.ts';
import { request } from './request.ts';

/** Items that need attention, refreshed together with the connectors. */
export function useAttention() {
  return useQuery({
    queryKey: ['connectors', 'attention'],
    queryFn: ({ signal }) => request<AttentionList>('/attention', { signal }),
  });
}
