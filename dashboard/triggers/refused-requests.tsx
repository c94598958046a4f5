import type { useRefusedRequests } from '../api/triggers.ts';
import { Empty } from '../parts/empty.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Section } from '../parts/section.tsx';
import { RefusedTable } from './refused-table.tsx';

const none = (
  <Empty title="No refused requests in the last day">
    Each request that a connector refuses appears here with the reason, up to 5 per minute.
  </Empty>
);

/** The newest requests that started no run. */
export function RefusedRequests({ of: list }: { of: ReturnType<typeof useRefusedRequests> }) {
  return (
    <PagedList of={list} empty={none}>
      {(requests) => (
        <Section title="Newest first" flush>
          <RefusedTable requests={requests} />
        </Section>
      )}
    </PagedList>
  );
}
