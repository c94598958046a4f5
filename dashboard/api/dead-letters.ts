import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { WireDeadLetter } from '../../src/api/contract/dead-letter.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

/** Events that failed after all retries, newest first, page by page. */
export function useDeadLetterList() {
  return usePagedList<WireDeadLetter>(['dead-letters'], '/dead-letters', {});
}

/** Sends a dead letter to its step again. */
export function useRetryDeadLetter() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      request<unknown>(`/dead-letters/${encodeURIComponent(id)}/retry`, { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
}
