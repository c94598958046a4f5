import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useSearchParams } from 'wouter';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import { useConnectors } from '../api/connectors.ts';
import { counted } from '../format/numbers.ts';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import { LinkButton } from '../parts/link-button.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { ConnectorDrawer } from './connector-drawer.tsx';
import classes from './connectors-page.module.css';
import { CodeMark } from './from-code.tsx';
import healthClasses from './health.module.css';
import { Health } from './health.tsx';
import { TypeIcon } from './type-icon.tsx';

/** All connectors, linked to agents or not. */
export default function ConnectorsPage() {
  const connectors = useConnectors();
  return (
    <Page
      title="Connectors"
      summary="What triggers your agents, and where their results go."
      actions={
        <OperatorsOnly>
          <Button component={Link} href="/connectors/new" leftSection={<IconPlus size={14} />}>
            Create connector
          </Button>
        </OperatorsOnly>
      }
    >
      <Answer of={connectors}>{(items) => <ConnectorTable connectors={items} />}</Answer>
      <ConnectorDrawer />
    </Page>
  );
}

function ConnectorTable({ connectors }: { connectors: readonly WireConnector[] }) {
  if (connectors.length === 0) {
    return (
      <Empty
        title="No connectors yet"
        action={
          <OperatorsOnly>
            <LinkButton href="/connectors/new">Create the first connector</LinkButton>
          </OperatorsOnly>
        }
      >
        Connectors start agents and deliver their results. Create one, then send it a request.
      </Empty>
    );
  }
  return (
    <Section title={counted(connectors.length, 'connector')} flush>
      <Table headings={['Connector', 'Mode', 'Agents', 'Status', 'Last activity']}>
        {connectors.map((connector) => (
          <ConnectorRow key={connector.id} connector={connector} />
        ))}
      </Table>
    </Section>
  );
}

function ConnectorRow({ connector }: { connector: WireConnector }) {
  const [, setSearch] = useSearchParams();
  return (
    <tr>
      <td>
        <div className={classes.name}>
          <TypeIcon type={connector.type} />
          <button
            type="button"
            className={classes.open}
            onClick={() => setSearch({ connector: connector.id })}
          >
            {connector.name}
          </button>
          <CodeMark connector={connector} />
        </div>
      </td>
      <td>{connector.mode}</td>
      <td>
        {connector.agents.length === 0 && <span className={table.soft}>none</span>}
        {connector.agents.map(agentOf).map((agent, index) => (
          <span key={agent}>
            {index > 0 && ', '}
            <Link href={`/agents/${agent}`}>{agent}</Link>
          </span>
        ))}
      </td>
      <td>
        <Health health={connector.health} />
        {connector.health.status === 'failing' && (
          <div className={healthClasses.reason}>{connector.health.reason}</div>
        )}
      </td>
      <td className={table.soft}>
        <LastActivity connector={connector} />
      </td>
    </tr>
  );
}

/** When the last event arrived or the last result was accepted. */
function LastActivity({ connector: { health } }: { connector: WireConnector }) {
  const at = health.last_event_at ?? health.last_delivery_at;
  return at === null ? 'never' : <RelativeTime at={at} />;
}
