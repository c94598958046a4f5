import { Link } from 'wouter';
import type { WireRun } from '../../src/api/contract/run.ts';
import { useRun } from '../api/runs.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { durationBetween, durationText } from '../format/duration.ts';
import { Answer } from '../parts/answer.tsx';
import { Empty } from '../parts/empty.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { RunLogs } from './log-lines.tsx';
import { mayCancel } from './may-cancel.ts';
import { PayloadView } from './payload-view.tsx';
import { RunActions } from './run-actions.tsx';
import { RunHeader } from './run-header.tsx';
import classes from './run-page.module.css';
import { spanTitle, Waterfall } from './waterfall.tsx';

/** A run: its payload and output, its error, and every step. */
export default function RunPage({ id }: { id: string }) {
  const run = useRun(id);
  return (
    <Page
      title={run.data?.agent_name ?? 'Run'}
      parent={{ path: '/runs', title: 'Logs' }}
      summary={<code>{id}</code>}
      mark={run.data && <StatusBadge status={run.data.status} />}
      actions={run.data && <RunActions run={run.data} />}
    >
      <Answer of={run}>{(shown) => <RunSections run={shown} />}</Answer>
    </Page>
  );
}

function RunSections({ run }: { run: WireRun }) {
  return (
    <>
      {run.error !== null && (
        <Notice tone="bad" title={run.error.message}>
          <code>{run.error.code}</code>
        </Notice>
      )}
      {run.waits_for !== null && (
        <Notice tone="warn" title={run.waits_for.reason}>
          {run.waits_for.kind === 'hold' && (
            <>
              The <Link href="/">overview</Link> says what to do.
            </>
          )}
        </Notice>
      )}
      {run.warnings.map((warning) => (
        <Notice key={warning} tone="warn" title={warning} />
      ))}
      <RunHeader run={run} />
      <div className={classes.sides}>
        <PayloadView title="Input" value={run.payload} />
        <PayloadView title="Output" value={run.output} emptyText={outputText(run)} />
      </div>
      <Section title="Trace" flush actions={<TraceBegin run={run} />}>
        {run.spans.length === 0 ? (
          <Empty title={mayCancel(run) ? 'No trace yet' : 'No trace'}>{emptyTraceText(run)}</Empty>
        ) : (
          <Waterfall spans={run.spans} />
        )}
      </Section>
      {run.logs.length > 0 && <RunLogs lines={run.logs} />}
      {(run.deliveries.length > 0 || !run.publish_outbound) && (
        <Section title="Deliveries" flush>
          {!run.publish_outbound && (
            <Empty title="The result is not delivered">
              The code of the agent ended the run with <code>StopProcessing</code>.
            </Empty>
          )}
          {run.deliveries.length > 0 && (
            <DeliveryTable deliveries={run.deliveries} senders={sendersOf(run)} />
          )}
        </Section>
      )}
      {Object.keys(run.context).length > 0 && <PayloadView title="Context" value={run.context} />}
    </>
  );
}

/** The steps that sent messages by choice, by delivery. */
function sendersOf({ spans }: WireRun): ReadonlyMap<string, string> {
  return new Map(
    spans.flatMap((span) => {
      const delivery = span.attributes['delivery.id'];
      return typeof delivery === 'string' ? [[delivery, spanTitle(span)]] : [];
    }),
  );
}

function outputText(run: WireRun): string {
  if (mayCancel(run)) return 'The run has not ended.';
  return 'No output.';
}

function emptyTraceText(run: WireRun): string {
  if (!mayCancel(run)) return 'No spans were recorded.';
  return run.started_at === null ? 'The run has not started.' : 'Spans appear here as the run goes on.';
}

/** Below this, in ms, nobody asks where the time went. */
const noticedMs = 500;

/** Explains a run that took longer than its trace: a thread, a process, or a function had to start first. */
function TraceBegin({ run: { started_at, spans } }: { run: WireRun }) {
  const first = spans.map((span) => span.started_at).sort()[0] ?? null;
  const waitedMs = durationBetween(started_at, first) ?? 0;
  if (waitedMs < noticedMs) return null;
  return <span className={classes.begin}>begins {durationText(waitedMs)} after the run</span>;
}
