import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { WireDeadLetter } from '../../src/api/contract/dead-letter.ts';
import { usePagedList } from './paged-list.ts';
import { request } from './request.ts';

/** What no handler could take, newest first, page by page. */
export function useDeadLetterList() {
  return usePagedList<WireDeadLetter>(['dead-letters'], '/dead-letters', {});
}

/** Hands a dead letter back to the step that gave up. */
export function useRetryDeadLetter() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      request<unknown>(`/dead-letters/${encodeURIComponent(id)}/retry`, { method: 'POST' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
}
