import type { InfiniteData, QueryClient } from '@tanstack/react-query';

/** Refetches everything shown. Long lists keep only their first page; scrolling loads the others. */
export function rereadAll(queries: QueryClient): void {
  queries.setQueriesData<InfiniteData<unknown>>({ predicate: ({ state }) => isPaged(state.data) }, (list) =>
    list === undefined ? list : { pages: list.pages.slice(0, 1), pageParams: list.pageParams.slice(0, 1) },
  );
  void queries.invalidateQueries();
}

function isPaged(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'pages' in data && 'pageParams' in data;
}
