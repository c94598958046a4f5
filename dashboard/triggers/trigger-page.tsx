import { Link } from 'wouter';
import type { WireArrival, WireTrigger } from '../../src/api/contract/trigger.ts';
import { useTrigger } from '../api/triggers.ts';
import { bytesText, counted } from '../format/numbers.ts';
import { Answer } from '../parts/answer.tsx';
import { Facts } from '../parts/facts.tsx';
import { HeaderLines } from '../parts/header-lines.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { ClockTime, RelativeTime } from '../parts/time-text.tsx';
import { PayloadView } from '../runs/payload-view.tsx';
import { RunDuration } from '../runs/run-duration.tsx';
import { RefusedTable } from './refused-table.tsx';
import { SendThrough } from './send-through.tsx';
import { TriggerOrigin } from './trigger-table.tsx';

/** A trigger's request and its outcome. */
export default function TriggerPage({ id }: { id: string }) {
  const trigger = useTrigger(id);
  return (
    <Page title="Trigger" parent={{ path: '/runs', title: 'Logs' }} summary={<code>{id}</code>}>
      <Answer of={trigger}>{(shown) => <TriggerSections trigger={shown} />}</Answer>
    </Page>
  );
}

function TriggerSections({ trigger }: { trigger: WireTrigger }) {
  const { request, repeats, outcome } = trigger;
  const isHeldBack = outcome === 'filtered' && trigger.sent_through_at === null;
  return (
    <>
      {trigger.warnings.map((warning) => (
        <Notice key={warning} tone="warn" title={warning} />
      ))}
      <Section title="Request" actions={isHeldBack && <SendThrough triggerId={trigger.trigger_id} />}>
        <TriggerFacts trigger={trigger} />
      </Section>
      {(outcome === 'accepted' || trigger.runs.length > 0) && (
        <Section title={`Started ${counted(trigger.runs.length, 'run')}`} flush>
          <RunTable runs={trigger.runs} />
        </Section>
      )}
      {outcome !== 'refused' && <PayloadView title="Payload" value={trigger.payload} />}
      {request !== null && (
        <Section title="Headers">
          <HeaderLines headers={request.headers} />
        </Section>
      )}
      {repeats.length > 0 && (
        <Section title="Repeats in the last day" flush>
          <RefusedTable requests={repeats} />
        </Section>
      )}
    </>
  );
}

function TriggerFacts({ trigger }: { trigger: WireTrigger }) {
  const { received_at: at, request, outcome, reason, sent_through_at: sentAt } = trigger;
  return (
    <Facts
      items={[
        {
          label: 'Outcome',
          value: (
            <>
              <StatusBadge status={outcome} /> {reason}
            </>
          ),
        },
        sentAt !== null && { label: 'Sent through', value: <ClockTime at={sentAt} /> },
        {
          label: 'Received',
          value: (
            <>
              <ClockTime at={at} /> (<RelativeTime at={at} />)
            </>
          ),
        },
        { label: 'Connector', value: <TriggerOrigin trigger={trigger} /> },
        ...(request === null ? [] : requestFacts(request)),
      ]}
    />
  );
}

function requestFacts({ method, query, sender, body_bytes: bytes }: WireArrival) {
  return [
    { label: 'Method', value: <code>{method}</code> },
    query !== '' && { label: 'Query', value: <code>{query}</code> },
    { label: 'Sender', value: sender === null ? 'not known' : <code>{sender}</code> },
    { label: 'Body', value: bytes === null ? 'size not stated' : bytesText(bytes) },
  ];
}

function RunTable({ runs }: { runs: WireTrigger['runs'] }) {
  return (
    <Table headings={['Status', 'Run', 'Error', { title: 'Duration', isNumber: true }]}>
      {runs.map((run) => (
        <tr key={run.run_id}>
          <td>
            <StatusBadge status={run.status} />
          </td>
          <td>
            <Link href={`/runs/${run.run_id}`}>{run.agent_name}</Link>
          </td>
          <td className={table.soft}>{run.error?.message ?? '–'}</td>
          <td className={table.number}>
            <RunDuration run={run} />
          </td>
        </tr>
      ))}
    </Table>
  );
}
