import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';

/** For addresses that lead nowhere. */
export function NotFoundPage() {
  return (
    <Page title="Not found">
      <Empty
        title="There is no such page"
        action={
          <Button component={Link} href="/agents" variant="default">
            Go to the agents
          </Button>
        }
      >
        The address may be mistyped, or from another version.
      </Empty>
    </Page>
  );
}
