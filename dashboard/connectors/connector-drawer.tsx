import { Drawer } from '@mantine/core';
import { Suspense } from 'react';
import { Link, useSearchParams } from 'wouter';
import { ErrorBoundary } from '../parts/error-boundary.tsx';
import { loadLater } from '../parts/load-later.ts';
import { Loading } from '../parts/loading.tsx';
import classes from './connector-drawer.module.css';

/** Loaded when a drawer opens, because its forms make it larger than most pages. */
const ConnectorDetails = loadLater(() => import('./connector-details.tsx'));

/** Shows the details of the connector in `?connector=` beside the open page. */
export function ConnectorDrawer() {
  const [search, setSearch] = useSearchParams();
  const id = search.get('connector');
  const close = () => {
    setSearch((shown) => {
      const rest = new URLSearchParams(shown);
      rest.delete('connector');
      rest.delete('tab');
      return rest;
    });
  };
  return (
    <Drawer
      opened={id !== null}
      onClose={close}
      size="xl"
      title="Connector"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {id !== null && (
        <>
          <p className={classes.page}>
            <Link href={`/connectors/${id}`}>Open full page</Link>
          </p>
          <ErrorBoundary key={id}>
            <Suspense fallback={<Loading />}>
              <ConnectorDetails id={id} onDeleted={close} />
            </Suspense>
          </ErrorBoundary>
        </>
      )}
    </Drawer>
  );
}
