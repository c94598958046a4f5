import { Drawer } from '@mantine/core';
import { Link, useSearchParams } from 'wouter';
import { ConnectorDetails } from './connector-details.tsx';
import classes from './connector-drawer.module.css';

/** The details of the connector that the address names as `?connector=`, beside whatever page is open. */
export function ConnectorDrawer() {
  const [search, setSearch] = useSearchParams();
  const id = search.get('connector');
  const close = () => {
    setSearch((shown) => {
      const rest = new URLSearchParams(shown);
      rest.delete('connector');
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
          <ConnectorDetails key={id} id={id} onDeleted={close} />
          <p className={classes.foot}>
            <Link href={`/connectors/${id}`}>Open as a page</Link>
          </p>
        </>
      )}
    </Drawer>
  );
}
