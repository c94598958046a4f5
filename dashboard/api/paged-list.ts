import { useInfiniteQuery } from '@tanstack/react-query';
import type { WirePage } from '../../src/api/contract/page.ts';
import { type RequestOptions, request } from './request.ts';

const firstPage: string | null = null;

/**
 * A list of the API, newest first, page by page: `data.pages`, `fetchNextPage`, `hasNextPage`.
 *
 * @param staleAfterMs after which it is read again when it is shown again; default: as every answer
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
