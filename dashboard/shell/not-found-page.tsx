import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';

/** For addresses that lead nowhere. */
export function NotFoundPage() {
  return (
    <Page title="Not found">
      <Empty
        title="Page not found"
        action={
          <Button component={Link} href="/agents" variant="default">
            Go to agents
          </Button>
        }
      >
        Check the address. It may belong to another version of the dashboard.
      </Empty>
    </Page>
  );
}
