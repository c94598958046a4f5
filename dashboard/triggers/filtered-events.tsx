import { Link } from 'wouter';
import { useTriggerList } from '../api/triggers.ts';
import { Empty } from '../parts/empty.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Section } from '../parts/section.tsx';
import recent from '../runs/recent-runs.module.css';
import { TriggerTable } from './trigger-table.tsx';

/** Events that the filter of a connector, or of its links, has kept from starting runs. */
export function FilteredEvents({ connectorId }: { connectorId: string }) {
  const filtered = useTriggerList({ connector: connectorId, outcome: 'filtered' });
  return (
    <Section
      title="Filtered events"
      actions={
        <Link href={`/triggers?connector=${connectorId}`} className={recent.all}>
          All triggers
        </Link>
      }
      flush
    >
      <PagedList of={filtered} empty={<Empty title="No filtered events" />}>
        {(triggers) => <TriggerTable triggers={triggers} showConnector={false} />}
      </PagedList>
    </Section>
  );
}
