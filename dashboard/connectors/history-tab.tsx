import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireConnectorEvent } from '../../src/api/contract/connector-source.ts';
import { useConnectorHistory } from '../api/connector-sources.ts';
import { useDeliveryList } from '../api/deliveries.ts';
import { useRefusedRequests } from '../api/triggers.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { Empty } from '../parts/empty.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import { RecentRuns } from '../runs/recent-runs.tsx';
import { FilteredEvents } from '../triggers/filtered-events.tsx';
import { RefusedTable } from '../triggers/refused-table.tsx';

/** Events that the connector received and their outcomes, or its deliveries and why the system disabled it. */
export function HistoryTab({ connector }: { connector: WireConnector }) {
  if (connector.mode === 'outbound') return <OutboundHistory connectorId={connector.id} />;
  return (
    <>
      <RecentRuns title="Runs from this connector" filters={{ connector: connector.id }} />
      <FilteredEvents connectorId={connector.id} />
      {connector.url === null ? (
        <SourceHistory connectorId={connector.id} />
      ) : (
        <RefusedOfConnector connectorId={connector.id} />
      )}
    </>
  );
}

function OutboundHistory({ connectorId }: { connectorId: string }) {
  const deliveries = useDeliveryList({ connector: connectorId });
  const history = useConnectorHistory(connectorId);
  const none = <Empty title="No deliveries yet">A delivery appears when a run of a linked agent ends.</Empty>;
  return (
    <>
      <PagedList of={history} empty={null}>
        {(events) => (
          <Section title="Disabled and dropped" flush>
            <EventTable events={events} />
          </Section>
        )}
      </PagedList>
      <PagedList of={deliveries} empty={none}>
        {(items) => <DeliveryTable deliveries={items} />}
      </PagedList>
    </>
  );
}

/** Requests to the connector that started no run. */
function RefusedOfConnector({ connectorId }: { connectorId: string }) {
  const refused = useRefusedRequests(connectorId);
  return (
    <Section title="Refused requests, last day" flush>
      <PagedList of={refused} empty={<Empty title="No refused requests in the last day" />}>
        {(requests) => <RefusedTable requests={requests} />}
      </PagedList>
    </Section>
  );
}

/** Missed and skipped ticks, and source failures. */
function SourceHistory({ connectorId }: { connectorId: string }) {
  const history = useConnectorHistory(connectorId);
  return (
    <Section title="Missed, skipped, and failed" flush>
      <PagedList of={history} empty={<Empty title="No missed or skipped runs" />}>
        {(events) => <EventTable events={events} />}
      </PagedList>
    </Section>
  );
}

function EventTable({ events }: { events: readonly WireConnectorEvent[] }) {
  return (
    <Table headings={['Event', 'Detail', { title: 'When', isNumber: true }]}>
      {events.map((event) => (
        <tr key={event.event_id}>
          <td className={table.mono}>{event.event}</td>
          <td>{event.detail}</td>
          <td className={`${table.number} ${table.soft}`}>
            <RelativeTime at={event.at} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
