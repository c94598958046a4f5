import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CreateApiKeyBody, CreatedApiKey, WireApiKey } from '../../src/api/contract/api-key.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

/** Keys of programs, newest first, page by page. Viewers are refused. */
export function useApiKeyList() {
  return usePagedList<WireApiKey>(['api-keys'], '/api-keys', {});
}

/** Makes a key; the answer is the only one that has it. */
export function useCreateApiKey() {
  const refresh = useRefreshKeys();
  return useMutation({
    mutationFn: (body: CreateApiKeyBody) => request<CreatedApiKey>('/api-keys', { method: 'POST', body }),
    onSuccess: refresh,
    // Only the component that shows the key keeps it.
    gcTime: 0,
  });
}

/** Ends a key for good. */
export function useRevokeApiKey() {
  const refresh = useRefreshKeys();
  return useMutation({
    mutationFn: (id: string) => request<void>(`/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });
}

/** The keys, and the audit log, where both are recorded. */
function useRefreshKeys(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const keys = [['api-keys'], ['audit-log']];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}
