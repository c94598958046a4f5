import { useMemo } from 'react';
import { Link } from 'wouter';
import { type RunFilters, useRunList } from '../api/runs.ts';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Loading } from '../parts/loading.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { RunFilterBar } from './run-filter-bar.tsx';
import { RunList } from './run-list.tsx';
import { useRunFilters } from './use-run-filters.ts';

/** All runs, live, newest first. */
export default function RunsPage() {
  const [filters, setFilters] = useRunFilters();
  return (
    <Page
      title="Logs"
      summary={
        <>
          Runs of all agents, updated live. Incoming events are under <Link href="/triggers">Triggers</Link>,
          refused ones under <Link href="/refused-requests">Refused requests</Link>.
        </>
      }
    >
      <RunFilterBar filters={filters} onChange={setFilters} />
      <FilteredRuns filters={filters} />
    </Page>
  );
}

function FilteredRuns({ filters }: { filters: RunFilters }) {
  const list = useRunList(filters);
  const { data, error, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const runs = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  if (runs === undefined) {
    return error === null ? <Loading rows={12} /> : <Problem error={error} onRetry={() => list.refetch()} />;
  }
  if (runs.length === 0 && !hasNextPage) return <NoRuns isFiltered={Object.keys(filters).length > 0} />;
  return (
    <RunList
      runs={runs}
      hasMore={hasNextPage}
      isLoadingMore={isFetchingNextPage}
      failure={isFetchNextPageError ? error : null}
      onLoadMore={() => fetchNextPage({ cancelRefetch: false })}
    />
  );
}

function NoRuns({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Empty title="No matching runs" action={<LinkButton href="/runs">Clear filters</LinkButton>}>
        Remove a filter or widen the time range.
      </Empty>
    );
  }
  return (
    <Empty title="No runs yet" action={<LinkButton href="/agents">Go to agents</LinkButton>}>
      Open an agent and run it by hand, or send a request to one of its connectors.
    </Empty>
  );
}
