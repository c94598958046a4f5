import { useInfiniteQuery } from '@tanstack/react-query';
import type { WirePage } from '../../src/api/contract/page.ts';
import { type RequestOptions, request } from './request.ts';

const firstPage: string | null = null;

/**
 * An API list, newest first, in pages: `data.pages`, `fetchNextPage`, `hasNextPage`.
 *
 * @param staleAfterMs age after which a list that is shown again is reloaded; default: as for every answer
 */
export function usePagedList<Item>(
  queryKey: readonly unknown[],
  path: string,
  query: NonNullable<RequestOptions['query']>,
  staleAfterMs?: number,
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      request<WirePage<Item>>(path, { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: firstPage,
    getNextPageParam: (page) => page.next_cursor,
    ...(staleAfterMs !== undefined && { staleTime: staleAfterMs }),
  });
}
