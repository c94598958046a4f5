import { Link } from 'wouter';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireConnectorCode } from '../../src/api/contract/connector-code.ts';
import { useConnectors } from '../api/connectors.ts';
import { counted } from '../format/numbers.ts';
import { Answer } from '../parts/answer.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { Empty } from '../parts/empty.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import classes from './from-code.module.css';
import { Edits } from './from-code.tsx';
import { Health } from './health.tsx';

/** A connector that comes from code. */
type FromCode = WireConnector & { readonly code: WireConnectorCode };

/** Which connectors come from files, what was edited since, and what an apply would do about it. */
export default function AsCodePage() {
  const connectors = useConnectors();
  return (
    <Page
      title="Connectors as code"
      parent={{ path: '/connectors', title: 'Connectors' }}
      summary="Connectors from files of the agent project, and the edits since the last apply."
    >
      <Answer of={connectors}>{(all) => <FromFiles connectors={all.filter(isFromCode)} />}</Answer>
    </Page>
  );
}

function FromFiles({ connectors }: { connectors: readonly FromCode[] }) {
  if (connectors.length === 0) {
    return (
      <>
        <Empty title="No connectors from code">
          Describe connectors in the folder <code>connectors/</code> of the agent project, then apply them.
        </Empty>
        <Commands hasEdits={false} />
      </>
    );
  }
  const edited = connectors.filter(({ code }) => code.drift.length > 0);
  const others = connectors.filter(({ code }) => code.drift.length === 0);
  return (
    <>
      {edited.map((connector) => (
        <Section
          key={connector.id}
          title={`${connector.name}: ${counted(connector.code.drift.length, 'edit')}`}
          actions={<Link href={`/connectors/${connector.id}?tab=settings`}>Settings</Link>}
          flush
        >
          <p className={classes.source}>
            From <code>{connector.code.file}</code>, changed <RelativeTime at={connector.updated_at} />.
          </p>
          <Edits of={connector.code} />
        </Section>
      ))}
      {others.length > 0 && (
        <Section
          title={
            others.length === 1
              ? '1 connector matches its file'
              : `${others.length} connectors match their files`
          }
          flush
          hasStop
        >
          <Unedited connectors={others} />
        </Section>
      )}
      <Commands hasEdits={edited.length > 0} />
    </>
  );
}

function Unedited({ connectors }: { connectors: readonly FromCode[] }) {
  return (
    <Table headings={['Connector', 'File', 'Type', 'Status']}>
      {connectors.map(({ id, name, code, type, mode, health }) => (
        <tr key={id}>
          <td className={table.main}>
            <Link href={`/connectors/${id}`}>{name}</Link>
          </td>
          <td>
            <code>{code.file}</code>
          </td>
          <td className={table.soft}>
            {type}, {mode}
          </td>
          <td>
            <Health health={health} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Commands({ hasEdits }: { hasEdits: boolean }) {
  return (
    <Section title="Plan and apply">
      <p className={classes.remark}>
        This page knows each file as it was when it was last applied. Files that were added, changed, or
        deleted since then are not shown: run the first command in the agent project to see what the second
        would create, change, and remove.
        {hasEdits && ' An apply takes back the edits above; to keep them, change the files first.'}
      </p>
      <CodeBlock text={'npx connectors plan\nnpx connectors apply'} what="the commands" />
    </Section>
  );
}

function isFromCode(connector: WireConnector): connector is FromCode {
  return connector.code !== null;
}
