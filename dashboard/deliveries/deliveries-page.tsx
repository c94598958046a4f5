import { Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type DeliveryFilters, useDeliveryList, useRedeliverFailed } from '../api/deliveries.ts';
import { counted } from '../format/numbers.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ConnectorSelect } from '../parts/connector-select.tsx';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Section } from '../parts/section.tsx';
import { useFilters } from '../parts/use-filters.ts';
import filterBar from '../runs/run-filter-bar.module.css';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { DeliveryTable } from './delivery-table.tsx';

/** Results sent to outbound connectors. */
export default function DeliveriesPage() {
  const [filter, change] = useFilters();
  const status = filter('status');
  const connector = filter('connector');
  const filters: DeliveryFilters = { ...(status && { status }), ...(connector && { connector }) };
  const list = useDeliveryList(filters);
  return (
    <Page
      title="Deliveries"
      summary="Run results for outbound connectors. Failed and held deliveries wait until you send them."
      actions={
        <OperatorsOnly>
          <RedeliverFailed filters={filters} />
        </OperatorsOnly>
      }
    >
      <search className={filterBar.bar} aria-label="Filter deliveries">
        <Select
          aria-label="Status"
          placeholder="Any status"
          data={['pending', 'held', 'delivered', 'failed', 'cancelled']}
          value={status}
          onChange={(chosen) => change('status', chosen)}
          size="xs"
          clearable
        />
        <ConnectorSelect
          isShown={({ mode }) => mode === 'outbound'}
          value={connector}
          onChange={(chosen) => change('connector', chosen)}
        />
      </search>
      <PagedList of={list} empty={<NoDeliveries isFiltered={status !== null || connector !== null} />}>
        {(items) => (
          <Section title="Newest first" flush>
            <DeliveryTable deliveries={items} />
          </Section>
        )}
      </PagedList>
    </Page>
  );
}

function RedeliverFailed({ filters }: { filters: DeliveryFilters }) {
  const redeliver = useRedeliverFailed();
  const failed = useDeliveryList({ ...filters, status: 'failed' });
  const send = () =>
    redeliver.mutate(filters, {
      onSuccess: ({ redelivered, skipped, more }) => {
        const left =
          skipped === 0
            ? ''
            : ` Skipped ${skipped}: already pending, or the connector is disabled or deleted.`;
        notifications.show({
          message: `Redelivering ${deliveries(redelivered)}.${left}${more ? ' More failed deliveries remain.' : ''}`,
        });
      },
    });
  return (
    <>
      {redeliver.error !== null && <Notice tone="bad" title={redeliver.error.message} />}
      <ConfirmButton
        label="Redeliver all failed"
        question={`Redeliver ${failedText(failed.data)}?`}
        consequence={
          filters.connector === undefined
            ? 'Sends up to 1,000 failed deliveries of all connectors again.'
            : 'Sends up to 1,000 failed deliveries of the selected connector again.'
        }
        isPending={redeliver.isPending}
        onConfirm={send}
      />
    </>
  );
}

function failedText(list: ReturnType<typeof useDeliveryList>['data']): string {
  const items = list?.pages.flatMap((page) => page.items) ?? [];
  const isWhole = list !== undefined && list.pages.at(-1)?.next_cursor === null;
  return isWhole ? counted(items.length, 'failed delivery', 'failed deliveries') : 'all failed deliveries';
}

function deliveries(count: number): string {
  return counted(count, 'delivery', 'deliveries');
}

function NoDeliveries({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <Empty
        title="No matching deliveries"
        action={<LinkButton href="/deliveries">Clear filters</LinkButton>}
      >
        Other deliveries may match without the filters.
      </Empty>
    );
  }
  return (
    <Empty
      title="No deliveries yet"
      action={
        <OperatorsOnly>
          <LinkButton href="/connectors/new?side=outbound">Create outbound connector</LinkButton>
        </OperatorsOnly>
      }
    >
      An outbound connector sends the results of its agents' runs.
    </Empty>
  );
}
