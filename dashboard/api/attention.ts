import { useQuery } from '@tanstack/react-query';
import type { AttentionList } from '../../src/api/contract/attention.ts';
import { request } from './request.ts';

/** What needs attention; read again with the connectors. */
export function useAttention() {
  return useQuery({
    queryKey: ['connectors', 'attention'],
    queryFn: ({ signal }) => request<AttentionList>('/attention', { signal }),
  });
}
