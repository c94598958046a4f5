import type {
  TriedFilter,
  WireArrival,
  WireRefusedRequest,
  WireTrigger,
  WireTriggerSummary,
} from '../../api/contract/index.ts';
import type { ConnectorNames } from '../connector-names.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { timeText } from '../time-text.ts';
import { runTable } from './run-text.ts';

/** Requests that started no run, as a table. */
export function refusedTable(requests: readonly WireRefusedRequest[], paint: Colours): string {
  if (requests.length === 0) return 'No refused requests in the last day.';
  return table(
    ['AT', 'STATUS', 'REASON', 'CALLED', 'REQUEST', 'SENDER', 'DETAIL'],
    requests.map(({ at, status, reason, called_id, request, detail }) => [
      timeText(at),
      String(status),
      reason,
      oneLine(called_id, 36),
      sizeText(request),
      request.sender ?? '-',
      oneLine(detail, 80),
    ]),
    paint,
  );
}

/** Triggers as a table. */
export function triggerTable(
  triggers: readonly WireTriggerSummary[],
  names: ConnectorNames,
  paint: Colours,
): string {
  if (triggers.length === 0) return 'No triggers.';
  return table(
    ['AT', 'OUTCOME', 'CONNECTOR', 'RUNS', 'TRIGGER', 'REASON'],
    triggers.map((trigger) => [
      timeText(trigger.received_at),
      outcomeText(trigger, paint),
      names.of(trigger.connector_id),
      String(trigger.run_ids.length),
      trigger.trigger_id,
      oneLine(trigger.reason ?? '-', 80),
    ]),
    paint,
  );
}

function outcomeText({ outcome, sent_through_at }: WireTriggerSummary, paint: Colours): string {
  if (outcome === 'refused') return paint.red(outcome);
  if (outcome === 'accepted') return paint.green(outcome);
  return sent_through_at === null ? paint.yellow(outcome) : `${outcome}, sent`;
}

/** A trigger with its request, its payload, and its runs. */
export function triggerText(trigger: WireTrigger, names: ConnectorNames, paint: Colours): string {
  const { request } = trigger;
  const sections = [
    facts(
      [
        ['trigger', paint.bold(trigger.trigger_id)],
        ['received', timeText(trigger.received_at)],
        ['connector', `${names.of(trigger.connector_id)}  ${paint.dim(trigger.connector_id ?? '')}`],
        ['outcome', outcomeText(trigger, paint)],
        ['reason', trigger.reason && printable(trigger.reason)],
        ['sent through', trigger.sent_through_at && timeText(trigger.sent_through_at)],
        ['request', request && sizeText(request)],
        ['query', request && (oneLine(request.query, 200) || null)],
        ['sender', request?.sender ?? null],
        ['repeats', trigger.repeats.length === 0 ? null : String(trigger.repeats.length)],
      ],
      paint,
    ),
    ...(request === null ? [] : [headerLines(request, paint)]),
    `${paint.bold('Payload')}\n${printable(JSON.stringify(trigger.payload, null, 2))}`,
    ...(trigger.warnings.length === 0
      ? []
      : [`${paint.bold('Warnings')}\n${printable(trigger.warnings.join('\n'))}`]),
    `${paint.bold('Runs')}\n${runTable(trigger.runs, names, paint)}`,
  ];
  return sections.join('\n\n');
}

function sizeText({ method, body_bytes }: WireArrival): string {
  return body_bytes === null ? oneLine(method, 20) : `${oneLine(method, 20)}, ${body_bytes} bytes`;
}

function headerLines({ headers }: WireArrival, paint: Colours): string {
  const lines = Object.entries(headers).map(([name, value]): [string, string] => [
    oneLine(name, 60),
    oneLine(value, 200),
  ]);
  return `${paint.bold('Headers')}\n${facts(lines, paint)}`;
}

/** What conditions make of an event or a result, by agent. */
export function triedText({ wanted, reason, agents }: TriedFilter, paint: Colours): string {
  if (agents.length === 0) {
    return wanted ? paint.green('The filter is true.') : paint.yellow(printable(reason ?? ''));
  }
  return table(
    ['AGENT', 'WANTED', 'REASON'],
    agents.map((agent) => [
      agent.name,
      agent.wanted ? paint.green('yes') : paint.yellow('no'),
      printable(agent.reason ?? '-'),
    ]),
    paint,
  );
}
