import { Link } from 'wouter';
import type { WireTriggerSummary } from '../../src/api/contract/trigger.ts';
import { counted } from '../format/numbers.ts';
import { ConnectorName } from '../parts/connector-name.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { RelativeTime } from '../parts/time-text.tsx';

export interface TriggerTableProps {
  readonly triggers: readonly WireTriggerSummary[];
  /** Whether they are of several connectors. */
  readonly showConnector: boolean;
}

/** What came in and what became of it. */
export function TriggerTable({ triggers, showConnector }: TriggerTableProps) {
  return (
    <Table
      headings={[
        'Outcome',
        'Trigger',
        'What became of it',
        ...(showConnector ? ['Connector'] : []),
        { title: 'When', isNumber: true },
      ]}
    >
      {triggers.map((trigger) => (
        <tr key={trigger.trigger_id}>
          <td>
            <StatusBadge status={trigger.outcome} />
          </td>
          <td className={table.whole}>
            <Link href={`/triggers/${trigger.trigger_id}`} className={table.mono}>
              {trigger.trigger_id}
            </Link>
          </td>
          <td className={table.soft}>{resultOf(trigger)}</td>
          {showConnector && (
            <td>
              <TriggerOrigin trigger={trigger} />
            </td>
          )}
          <td className={`${table.number} ${table.soft}`}>
            <RelativeTime at={trigger.received_at} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** The connector of a trigger. A request that was refused may have called one that does not exist. */
export function TriggerOrigin({
  trigger,
}: {
  trigger: Pick<WireTriggerSummary, 'connector_id' | 'outcome'>;
}) {
  const { connector_id: id, outcome } = trigger;
  if (id === null) return outcome === 'refused' ? 'no such connector' : 'by hand';
  return <ConnectorName id={id} />;
}

function resultOf({ reason, run_ids: runs, sent_through_at: sentAt }: WireTriggerSummary): string {
  if (sentAt !== null) return `Sent through: ${counted(runs.length, 'run')}`;
  return reason ?? counted(runs.length, 'run');
}
