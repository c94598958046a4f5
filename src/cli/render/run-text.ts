import type { WireRun, WireRunSummary } from '../../api/contract/index.ts';
import type { ConnectorNames } from '../connector-names.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { elapsed, localTime, timeText } from '../time-text.ts';
import { deliveryTable } from './delivery-text.ts';
import { logLines } from './log-lines.ts';
import { traceTree } from './trace-tree.ts';

/** Runs as a table, as in `connectors runs`. */
export function runTable(runs: readonly WireRunSummary[], names: ConnectorNames, paint: Colours): string {
  if (runs.length === 0) return 'No runs.';
  return table(
    ['QUEUED', 'AGENT', 'CONNECTOR', 'STATUS', 'TOOK', 'RUN', 'ERROR'],
    runs.map((run) => [
      timeText(run.queued_at),
      run.agent_name,
      names.of(run.connector_id),
      statusText(run.status, paint),
      elapsed(run.started_at, run.ended_at),
      run.run_id,
      run.error === null ? '' : oneLine(run.error.message, 60),
    ]),
    paint,
  );
}

/** One run in full: details, payload, output, warnings, and deliveries. */
export function runText(run: WireRun, names: ConnectorNames, paint: Colours): string {
  const sections = [
    runFacts(run, names, paint),
    section('Payload', JSON.stringify(run.payload, null, 2), paint),
    section('Output', run.output, paint),
    ...(run.warnings.length > 0 ? [section('Warnings', run.warnings.join('\n'), paint)] : []),
    ...(run.deliveries.length > 0
      ? [`${paint.bold('Deliveries')}\n${deliveryTable(run.deliveries, names, paint)}`]
      : []),
  ];
  return sections.filter((text) => text !== null).join('\n\n');
}

/** A run's trace as a tree, then its log lines. */
export function runLogText(run: WireRun, names: ConnectorNames, paint: Colours): string {
  const lines = run.logs.length === 0 ? paint.dim('No log lines.') : logLines(run.logs, paint);
  return `${runFacts(run, names, paint)}\n\n${traceTree(run.spans, paint)}\n\n${lines}`;
}

/** A run's status, coloured and padded to `width` characters. */
export function statusText(status: WireRunSummary['status'], paint: Colours, width = 0): string {
  const paints = {
    scheduled: paint.dim,
    queued: paint.dim,
    running: paint.cyan,
    completed: paint.green,
    failed: paint.red,
    cancelled: paint.yellow,
  };
  return paints[status](status.padEnd(width));
}

/** How often the run was interrupted, and why the last time. */
function interruptionText({ interruptions }: WireRun): string | null {
  const last = interruptions.at(-1);
  if (last === undefined) return null;
  const times = interruptions.length === 1 ? 'once' : `${interruptions.length} times`;
  return `${times}; at ${localTime(last.at)} ${printable(last.reason)}`;
}

function runFacts(run: WireRun, names: ConnectorNames, paint: Colours): string {
  const { token_usage: tokens } = run;
  return facts(
    [
      ['run', paint.bold(run.run_id)],
      ['agent', run.agent_name],
      ['status', statusText(run.status, paint)],
      ['waits', run.waits_for && paint.yellow(printable(run.waits_for.reason))],
      ['error', run.error && paint.red(`${printable(run.error.message)} (${run.error.code})`)],
      ['connector', run.connector_id && `${names.of(run.connector_id)}  ${paint.dim(run.connector_id)}`],
      ['trigger', run.trigger_id],
      ['repeats', run.chain.includes(run.parent_run_id ?? '') ? null : run.parent_run_id],
      ['led to by', run.chain.length === 0 ? null : run.chain.join(' → ')],
      ['queued', timeText(run.queued_at)],
      ['due', run.scheduled_at && timeText(run.scheduled_at)],
      ['took', run.ended_at && elapsed(run.started_at, run.ended_at)],
      ['attempts', run.attempts > 1 ? String(run.attempts) : null],
      ['interrupted', interruptionText(run)],
      ['model', run.model],
      ['tokens', tokens && `${tokens.input} in, ${tokens.output} out`],
      ['cost', run.cost_usd === null ? null : `$${run.cost_usd.toFixed(6)}`],
    ],
    paint,
  );
}

function section(title: string, text: string | null, paint: Colours): string | null {
  return text === null ? null : `${paint.bold(title)}\n${printable(text)}`;
}
