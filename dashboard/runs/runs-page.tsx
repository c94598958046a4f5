import { useRunList } from '../api/runs.ts';
import { Empty } from '../parts/empty.tsx';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { BulkActions } from './bulk-actions.tsx';
import { RunFilterBar } from './run-filter-bar.tsx';
import { RunList } from './run-list.tsx';
import { useRunFilters } from './use-run-filters.ts';
import { useSelection } from './use-selection.ts';

/** All runs, live, newest first. */
export default function RunsPage() {
  const [filters, setFilters] = useRunFilters();
  const list = useRunList(filters);
  const runs = list.data?.pages.flatMap((page) => page.items);
  const selection = useSelection(runs ?? []);
  return (
    <Page title="Logs" summary="Every run of every agent, as it happens.">
      <RunFilterBar filters={filters} onChange={setFilters} />
      <BulkActions selected={selection.selected} onDone={selection.clear} />
      {runs === undefined && list.error === null && <Loading rows={12} />}
      {runs === undefined && list.error !== null && (
        <Problem error={list.error} onRetry={() => list.refetch()} />
      )}
      {runs !== undefined && runs.length === 0 && !list.hasNextPage && <NoRuns filters={filters} />}
      {runs !== undefined && (runs.length > 0 || list.hasNextPage) && (
        <RunList
          runs={runs}
          selection={selection}
          hasMore={list.hasNextPage}
          isLoadingMore={list.isFetchingNextPage}
          onLoadMore={() => list.fetchNextPage({ cancelRefetch: false })}
        />
      )}
    </Page>
  );
}

function NoRuns({ filters }: { filters: object }) {
  if (Object.values(filters).some(Boolean)) {
    return <Empty title="No run matches">Take a filter away, or a longer time.</Empty>;
  }
  return (
    <Empty title="No runs yet">
      Open an agent and run it by hand, or send a request to one of its connectors.
    </Empty>
  );
}
