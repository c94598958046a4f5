import { Link } from 'wouter';
import type { WireRefusedRequest } from '../../src/api/contract/trigger.ts';
import { bytesText } from '../format/numbers.ts';
import { ConnectorName } from '../parts/connector-name.tsx';
import { HeaderLines } from '../parts/header-lines.tsx';
import { OpeningRow } from '../parts/opening-row.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { RelativeTime } from '../parts/time-text.tsx';

/** Requests that started no run, with the reason. A row opens to show the request. */
export function RefusedTable({ requests }: { requests: readonly WireRefusedRequest[] }) {
  return (
    <Table headings={['Status', 'Reason', 'Connector', 'Sender', 'When']}>
      {requests.map((request) => (
        <RefusedRow key={request.request_id} refused={request} />
      ))}
    </Table>
  );
}

function RefusedRow({ refused }: { refused: WireRefusedRequest }) {
  return (
    <OpeningRow columns={5} detail={() => <RefusedRequest refused={refused} />}>
      {(opener) => (
        <>
          <td className={table.mono}>{refused.status}</td>
          <td>
            {opener(refused.detail)}
            <div className={table.soft}>
              <code>{refused.reason}</code>
              {refused.run_id !== null && (
                <>
                  {' · '}
                  <Link href={`/runs/${refused.run_id}`}>the earlier run</Link>
                </>
              )}
            </div>
          </td>
          <td>
            <CalledConnector refused={refused} />
          </td>
          <td className={table.mono}>{refused.request.sender ?? '–'}</td>
          <td className={`${table.soft} ${table.whole}`}>
            <RelativeTime at={refused.at} />
          </td>
        </>
      )}
    </OpeningRow>
  );
}

function CalledConnector({
  refused: { connector_id: id, called_id: called },
}: {
  refused: WireRefusedRequest;
}) {
  if (id === null) {
    return (
      <>
        No connector has the id <code>{called}</code>
      </>
    );
  }
  return <ConnectorName id={id} />;
}

function RefusedRequest({ refused: { request } }: { refused: WireRefusedRequest }) {
  const { method, query, body_bytes: bytes, headers } = request;
  return (
    <>
      <p>
        <code>{method}</code>
        {query !== '' && <code> ?{query}</code>}
        {bytes !== null && ` ${bytesText(bytes)}`}
      </p>
      <HeaderLines headers={headers} />
    </>
  );
}
