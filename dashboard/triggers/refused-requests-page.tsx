import { useRefusedRequests } from '../api/triggers.ts';
import { Page } from '../parts/page.tsx';
import { RefusedRequests } from './refused-requests.tsx';

/** Requests to all connectors that started no run. */
export default function RefusedRequestsPage() {
  return (
    <Page
      title="Refused requests"
      parent={{ path: '/runs', title: 'Logs' }}
      summary="Requests of the last day that started no run: refused ones, and repeats of an earlier request."
    >
      <RefusedRequests of={useRefusedRequests()} />
    </Page>
  );
}
