import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { WireRun } from '../../src/api/contract/run.ts';
import { costText, countText } from '../format/numbers.ts';
import { ConnectorName } from '../parts/connector-name.tsx';
import { Numbers } from '../parts/numbers.tsx';
import { ClockTime, ComingTime } from '../parts/time-text.tsx';
import { RunDuration } from './run-duration.tsx';
import classes from './run-header.module.css';

/** Facts about a run: its origin, duration, and usage. */
export function RunHeader({ run }: { run: WireRun }) {
  return (
    <>
      <Numbers
        title="Facts"
        items={[
          { label: 'Queued', value: <ClockTime at={run.queued_at} /> },
          ...(run.scheduled_at === null
            ? []
            : [{ label: 'Due', value: <DueTime run={run} at={run.scheduled_at} /> }]),
          { label: 'Duration', value: <RunDuration run={run} /> },
          { label: 'Tokens', value: <Tokens usage={run.token_usage} /> },
          { label: 'Cost', value: costText(run.cost_usd) },
          { label: 'Attempts', value: run.attempts },
        ]}
      />
      <p className={classes.origin}>
        Agent <Link href={`/agents/${run.agent_name}`}>{run.agent_name}</Link>
        {' · '}
        <Origin run={run} />
        {' · '}
        <Link href={`/triggers/${run.trigger_id}`}>its trigger</Link>
        {run.parent_run_id !== null && (
          <>
            {run.chain.includes(run.parent_run_id) ? ' · led to by ' : ' · rerun of '}
            <Link href={`/runs/${run.parent_run_id}`}>an earlier run</Link>
            {run.depth > 1 && ` (${run.depth} runs in a row)`}
          </>
        )}
        {run.model !== null && (
          <>
            {' · '}
            <code>{run.model}</code>
          </>
        )}
        {run.cancel_requested && run.status === 'running' && ' · cancellation requested'}
      </p>
      <Interruptions run={run} />
    </>
  );
}

/** When a run is due, with the time until then, or was due. */
function DueTime({ run, at }: { run: WireRun; at: string }): ReactNode {
  return (
    <>
      <ClockTime at={at} />
      {run.status === 'scheduled' && (
        <span className={classes.breakdown}>
          <ComingTime at={at} />
        </span>
      )}
    </>
  );
}

/** Why attempts were interrupted, newest first. */
function Interruptions({ run: { interruptions } }: { run: WireRun }): ReactNode {
  return interruptions.toReversed().map(({ at, reason }) => (
    <p key={at} className={classes.origin}>
      Interrupted <ClockTime at={at} />: {reason}
    </p>
  ));
}

function Origin({ run: { connector_id: id } }: { run: WireRun }): ReactNode {
  if (id === null) return 'started by hand';
  return (
    <>
      from <ConnectorName id={id} />
    </>
  );
}

function Tokens({ usage }: { usage: WireRun['token_usage'] }): ReactNode {
  if (usage === null) return '–';
  const parts = [
    `${countText(usage.input)} in`,
    `${countText(usage.output)} out`,
    usage.cached > 0 && `${countText(usage.cached)} cached`,
    usage.reasoning > 0 && `${countText(usage.reasoning)} reasoning`,
  ];
  return (
    <>
      {countText(usage.total)}
      <span className={classes.breakdown}>{parts.filter((part) => part !== false).join(' · ')}</span>
    </>
  );
}
