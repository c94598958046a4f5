import type { WireLogLine, WireRun, WireRunSummary, WireSpan } from '../../api/contract/index.ts';
import type { ConnectorNames } from '../connector-names.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { durationText, elapsed, localTime, timeText } from '../time-text.ts';
import { deliveryTable } from './delivery-text.ts';

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

const unpublishedText =
  'The result is not delivered: the code of the agent ended the run with StopProcessing.';

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
    ...(run.publish_outbound ? [] : [section('Deliveries', unpublishedText, paint)]),
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

/** Log lines of a run, oldest first, one line each. */
function logLines(lines: readonly WireLogLine[], paint: Colours): string {
  return lines
    .map(({ at, level, source, message }) => {
      const time = paint.dim(localTime(at).slice(11));
      return `${time} ${levelText(level, paint)} ${paint.dim(printable(source))} ${printable(message)}`;
    })
    .join('\n');
}

function levelText(level: WireLogLine['level'], paint: Colours): string {
  const paints = { debug: paint.dim, info: paint.cyan, warn: paint.yellow, error: paint.red };
  return paints[level](level.padEnd(5));
}

/** A run's spans as a tree, each with its duration, tokens and error. */
export function traceTree(spans: readonly WireSpan[], paint: Colours): string {
  if (spans.length === 0) return paint.dim('No trace yet.');
  const known = new Set(spans.map((span) => span.span_id));
  const isRoot = (span: WireSpan) => span.parent_span_id === null || !known.has(span.parent_span_id);
  const branches = spans
    .filter(isRoot)
    .flatMap((root) => [spanText(root, paint), ...children(root, spans, '', paint)]);
  return branches.join('\n');
}

function children(parent: WireSpan, spans: readonly WireSpan[], indent: string, paint: Colours): string[] {
  const below = spans.filter((span) => span.parent_span_id === parent.span_id);
  return below.flatMap((span, index) => {
    const isLast = index === below.length - 1;
    const line = `${paint.dim(indent + (isLast ? '└─ ' : '├─ '))}${spanText(span, paint)}`;
    return [line, ...children(span, spans, `${indent}${isLast ? '   ' : '│  '}`, paint)];
  });
}

function spanText(span: WireSpan, paint: Colours): string {
  const duration = span.duration_ms === null ? 'running' : durationText(span.duration_ms);
  const error = span.error === null ? '' : paint.red(oneLine(span.error, 120));
  const name = span.status === 'error' ? paint.red(printable(span.name)) : printable(span.name);
  return [name, paint.dim(duration), paint.dim(tokensText(span)), guardrailText(span, paint), error]
    .filter((part) => part !== '')
    .join('  ');
}

/** What a guardrail did to a text that did not pass. */
function guardrailText({ kind, attributes }: WireSpan, paint: Colours): string {
  const status = kind === 'guardrail' ? attributes['guardrail.status'] : undefined;
  if (typeof status !== 'string' || status === 'passed') return '';
  return status === 'blocked' ? paint.red(status) : paint.yellow(printable(status));
}

/** Attribute names follow the OpenTelemetry semantic conventions for generative AI. */
function tokensText({ attributes }: WireSpan): string {
  const input = attributes['gen_ai.usage.input_tokens'];
  const output = attributes['gen_ai.usage.output_tokens'];
  if (typeof input !== 'number' || typeof output !== 'number') return '';
  return `${input} → ${output} tokens`;
}
