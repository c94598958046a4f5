import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page } from '../parts/page.tsx';

/** Shown for unknown URLs. */
export function NotFoundPage() {
  return (
    <Page title="Not found">
      <Empty title="Page not found" action={<LinkButton href="/agents">Go to agents</LinkButton>}>
        Check the address. It may belong to another version of the dashboard.
      </Empty>
    </Page>
  );
}
