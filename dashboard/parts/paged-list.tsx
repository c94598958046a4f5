import { Button, Center } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { WirePage } from '../../src/api/contract/page.ts';
import { Loading } from './loading.tsx';
import { Problem } from './problem.tsx';

export interface PagedListProps<Item> {
  readonly of: UseInfiniteQueryResult<InfiniteData<WirePage<Item>>>;
  readonly empty: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

/** A list that loads page by page, with a button for more. */
export function PagedList<Item>({ of: list, empty, children }: PagedListProps<Item>) {
  const items = list.data?.pages.flatMap((page) => page.items);
  if (items === undefined) {
    return list.error === null ? <Loading /> : <Problem error={list.error} onRetry={() => list.refetch()} />;
  }
  if (items.length === 0 && !list.hasNextPage) return empty;
  return (
    <>
      {children(items)}
      {list.hasNextPage && (
        <Center>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </Center>
      )}
    </>
  );
}
