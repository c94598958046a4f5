import { Select } from '@mantine/core';
import { Link } from 'wouter';
import { useTriggerList } from '../api/triggers.ts';
import { ConnectorSelect } from '../parts/connector-select.tsx';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page } from '../parts/page.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Section } from '../parts/section.tsx';
import { useFilters } from '../parts/use-filters.ts';
import filterBar from '../runs/run-filter-bar.module.css';
import { TriggerTable } from './trigger-table.tsx';

const outcomes = ['accepted', 'filtered', 'refused'] as const;

/** What came in, by its outcome and by connector. The URL holds both. */
export default function TriggersPage() {
  const [filter, change] = useFilters();
  const outcome = outcomes.find((known) => known === filter('outcome')) ?? null;
  const connector = filter('connector');
  const list = useTriggerList({ ...(outcome && { outcome }), ...(connector && { connector }) });
  return (
    <Page
      title="Triggers"
      parent={{ path: '/runs', title: 'Logs' }}
      summary={
        <>
          Accepted events, filtered events, and refused requests of the last day.{' '}
          <Link href="/refused-requests">Refused requests</Link> has more about the latter.
        </>
      }
    >
      <search className={filterBar.bar} aria-label="Filter triggers">
        <Select
          aria-label="Outcome"
          placeholder="Any outcome"
          data={outcomes}
          value={outcome}
          onChange={(chosen) => change('outcome', chosen)}
          size="xs"
          clearable
        />
        <ConnectorSelect
          isShown={({ mode }) => mode !== 'outbound'}
          value={connector}
          onChange={(chosen) => change('connector', chosen)}
        />
      </search>
      <PagedList of={list} empty={<NoTriggers isFiltered={outcome !== null || connector !== null} />}>
        {(triggers) => (
          <Section title="Newest first" flush>
            <TriggerTable triggers={triggers} showConnector={connector === null} />
          </Section>
        )}
      </PagedList>
    </Page>
  );
}

function NoTriggers({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Empty title="No matching triggers" action={<LinkButton href="/triggers">Clear filters</LinkButton>}>
        Other triggers may match without the filters.
      </Empty>
    );
  }
  return <Empty title="No triggers yet">Events and requests appear here as connectors receive them.</Empty>;
}
