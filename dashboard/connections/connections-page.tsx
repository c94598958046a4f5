import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { WireConnection } from '../../src/api/contract/connection.ts';
import { useConnections, useConnectionTypes } from '../api/connections.ts';
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
import { ConnectionUsers } from './connection-users.tsx';

/** All connections, with the connectors that use them. */
export default function ConnectionsPage() {
  const connections = useConnections();
  return (
    <Page
      title="Connections"
      summary="Credentials that are stored once and used by many connectors. Changing one changes them all."
      actions={
        <OperatorsOnly>
          <Button component={Link} href="/connections/new" leftSection={<IconPlus size={14} />}>
            Create connection
          </Button>
        </OperatorsOnly>
      }
    >
      <Answer of={connections}>{(items) => <ConnectionTable connections={items} />}</Answer>
    </Page>
  );
}

function ConnectionTable({ connections }: { connections: readonly WireConnection[] }) {
  const types = useConnectionTypes();
  if (connections.length === 0) {
    return (
      <Empty
        title="No connections yet"
        action={
          <OperatorsOnly>
            <LinkButton href="/connections/new">Create the first connection</LinkButton>
          </OperatorsOnly>
        }
      >
        A connection is an account, a mailbox, a cluster, or a database whose credentials several connectors
        use.
      </Empty>
    );
  }
  return (
    <Section title={counted(connections.length, 'connection')} flush>
      <Table headings={['Connection', 'Type', 'Used by', 'Changed']}>
        {connections.map((connection) => (
          <tr key={connection.id}>
            <td className={table.main}>
              <Link href={`/connections/${connection.id}`}>{connection.name}</Link>
            </td>
            <td>{types.data?.find(({ name }) => name === connection.type)?.title ?? connection.type}</td>
            <td>
              <ConnectionUsers connection={connection} />
            </td>
            <td className={table.soft}>
              <RelativeTime at={connection.updated_at} />
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
