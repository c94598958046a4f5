import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { WireDeadLetter } from '../../src/api/contract/dead-letter.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

/** Events that failed after all retries, newest first, in pages. */
export function useDeadLetterList() {
  return usePagedList<WireDeadLetter>(['dead-letters'], '/dead-letters', {});
}

/** Retries the step that failed. */
export function useRetryDeadLetter() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      request<unknown>(`/dead-letters/${encodeURIComponent(id)}/retry`, { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
}
