import { Link } from 'wouter';
import type { WireDelivery } from '../../src/api/contract/delivery.ts';
import { ConnectorName } from '../parts/connector-name.tsx';
import { OpeningRow } from '../parts/opening-row.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { ComingTime, RelativeTime } from '../parts/time-text.tsx';
import { AttemptList } from './attempt-list.tsx';
import { DeliveryActions } from './delivery-actions.tsx';
import { DeliverySubject } from './delivery-subject.tsx';
import classes from './delivery-table.module.css';
import { describeDelivery } from './describe-delivery.ts';

export interface DeliveryTableProps {
  readonly deliveries: readonly WireDelivery[];
  /** The steps of the run that sent messages, by delivery. */
  readonly senders?: ReadonlyMap<string, string>;
}

/** Deliveries with the reasons for failures. A row opens to show every attempt. */
export function DeliveryTable({ deliveries, senders }: DeliveryTableProps) {
  return (
    <Table
      headings={[
        'Status',
        'Connector',
        'Agent or event',
        'Result',
        'Created',
        { title: 'Actions', isHidden: true },
      ]}
    >
      {deliveries.map((delivery) => (
        <DeliveryRow
          key={delivery.delivery_id}
          delivery={delivery}
          sender={senders?.get(delivery.delivery_id) ?? 'the agent'}
        />
      ))}
    </Table>
  );
}

interface DeliveryRowProps {
  readonly delivery: WireDelivery;
  readonly sender: string;
}

function DeliveryRow({ delivery, sender }: DeliveryRowProps) {
  return (
    <OpeningRow columns={6} detail={() => <AttemptList attempts={delivery.attempts} />}>
      {(opener) => (
        <>
          <td>
            <StatusBadge status={delivery.status} />
          </td>
          <td>
            <ConnectorName id={delivery.connector_id} />
          </td>
          <td>
            <DeliverySubject delivery={delivery} />
            {delivery.by_choice && <div className={classes.next}>sent by {sender}</div>}
          </td>
          <td>
            {opener(describeDelivery(delivery), delivery.attempts.length === 0)}
            {delivery.next_attempt_at !== null && delivery.status === 'pending' && (
              <div className={classes.next}>
                Next attempt <ComingTime at={delivery.next_attempt_at} />
              </div>
            )}
          </td>
          <td className={table.soft}>
            <RelativeTime at={delivery.created_at} />
          </td>
          <td className={table.number}>
            <Link href={`/deliveries/${delivery.delivery_id}`}>Open</Link>{' '}
            <DeliveryActions delivery={delivery} />
          </td>
        </>
      )}
    </OpeningRow>
  );
}
