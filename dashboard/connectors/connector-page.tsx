import { useLocation } from 'wouter';
import { useConnector } from '../api/connectors.ts';
import { Page } from '../parts/page.tsx';
import ConnectorDetails from './connector-details.tsx';
import classes from './connector-page.module.css';

/** A connector on its own page. */
export default function ConnectorPage({ id }: { id: string }) {
  const connector = useConnector(id);
  const [, goTo] = useLocation();
  return (
    <Page title={connector.data?.name ?? 'Connector'} parent={{ path: '/connectors', title: 'Connectors' }}>
      <div className={classes.details}>
        <ConnectorDetails id={id} onDeleted={() => goTo('/connectors')} isNamed />
      </div>
    </Page>
  );
}
