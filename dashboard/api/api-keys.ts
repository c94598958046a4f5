import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CreateApiKeyBody, CreatedApiKey, WireApiKey } from '../../src/api/contract/api-key.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

/** API keys, newest first, in pages. The API refuses viewers. */
export function useApiKeyList() {
  return usePagedList<WireApiKey>(['api-keys'], '/api-keys', {});
}

/** Creates a key. Only this answer contains it. */
export function useCreateApiKey() {
  const refresh = useRefreshKeys();
  return useMutation({
    mutationFn: (body: CreateApiKeyBody) => request<CreatedApiKey>('/api-keys', { method: 'POST', body }),
    onSuccess: refresh,
    // Only the component that shows the key may keep it.
    gcTime: 0,
  });
}

/** Revokes a key permanently. */
export function useRevokeApiKey() {
  const refresh = useRefreshKeys();
  return useMutation({
    mutationFn: (id: string) => request<void>(`/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });
}

/** Refreshes the keys and the audit log, which also records them. */
function useRefreshKeys(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    const keys = [['api-keys'], ['audit-log']];
    await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
  };
}
