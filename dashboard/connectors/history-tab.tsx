import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useDeliveryList } from '../api/deliveries.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { Empty } from '../parts/empty.tsx';
import { Loading } from '../parts/loading.tsx';
import { Problem } from '../parts/problem.tsx';
import { RecentRuns } from '../runs/recent-runs.tsx';

/** What came in through the connector and what became of it, or what went out. */
export function HistoryTab({ connector }: { connector: WireConnector }) {
  if (connector.mode === 'outbound') return <OutboundHistory connectorId={connector.id} />;
  return <RecentRuns title="Runs from this connector" filters={{ connector: connector.id }} />;
}

function OutboundHistory({ connectorId }: { connectorId: string }) {
  const deliveries = useDeliveryList({ connector: connectorId });
  const items = deliveries.data?.pages.flatMap((page) => page.items);
  if (items === undefined) {
    return deliveries.error === null ? (
      <Loading />
    ) : (
      <Problem error={deliveries.error} onRetry={() => deliveries.refetch()} />
    );
  }
  if (items.length === 0) {
    return <Empty title="Nothing delivered yet">Deliveries appear when a run of a linked agent ends.</Empty>;
  }
  return <DeliveryTable deliveries={items} />;
}
