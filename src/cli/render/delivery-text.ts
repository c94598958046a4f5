import type {
  WireAttempt,
  WireDelivery,
  WireDeliveryMessage,
  WireHeldDeliveries,
  WireShownDelivery,
} from '../../api/contract/index.ts';
import type { ConnectorNames } from '../connector-names.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { durationText, localTime, timeText } from '../time-text.ts';
import { shellWord } from './curl-command.ts';

/** Deliveries as a table, each with the reason for its status or the result of its last attempt. */
export function deliveryTable(
  deliveries: readonly WireDelivery[],
  names: ConnectorNames,
  paint: Colours,
): string {
  if (deliveries.length === 0) return 'No deliveries.';
  return table(
    ['CREATED', 'AGENT OR EVENT', 'CONNECTOR', 'STATUS', 'ATTEMPTS', 'NEXT', 'DELIVERY', 'RESULT'],
    deliveries.map((delivery) => [
      timeText(delivery.created_at),
      delivery.event?.type ?? delivery.agent_name,
      names.of(delivery.connector_id),
      deliveryStatusText(delivery.status, paint),
      String(delivery.attempts.length),
      timeText(delivery.next_attempt_at),
      delivery.delivery_id,
      whatHappened(delivery),
    ]),
    paint,
  );
}

/** One delivery with its attempts and its message. */
export function deliveryText(delivery: WireShownDelivery, names: ConnectorNames, paint: Colours): string {
  const shown = facts(
    [
      ['delivery', paint.bold(delivery.delivery_id)],
      ['status', deliveryStatusText(delivery.status, paint)],
      ['reason', delivery.reason && oneLine(delivery.reason, 200)],
      ['run', delivery.run_id],
      delivery.event === null ? ['agent', delivery.agent_name] : ['event', delivery.event.type],
      ['summary', delivery.event && oneLine(delivery.event.summary, 300)],
      ['sent', delivery.by_choice ? 'by the agent, during its run' : null],
      ['connector', `${names.of(delivery.connector_id)}  ${paint.dim(delivery.connector_id)}`],
      ['created', timeText(delivery.created_at)],
      ['next attempt', delivery.next_attempt_at && timeText(delivery.next_attempt_at)],
    ],
    paint,
  );
  const attempts = delivery.attempts.length === 0 ? [] : [attemptTable(delivery.attempts, paint)];
  const message = delivery.message === null ? [] : [messageText(delivery.message, paint)];
  return [shown, ...attempts, ...message].join('\n\n');
}

/** The message: target, headers, and body. */
function messageText(message: WireDeliveryMessage, paint: Colours): string {
  const { method, target, headers, body, body_cut: isCut, was_sent: wasSent } = message;
  const headerLines = Object.entries(headers).map(([name, value]): [string, string] => [
    oneLine(name, 60),
    oneLine(value, 200),
  ]);
  const title =
    wasSent === false ? 'Message (the connector has changed; its next attempt sends this)' : 'Message';
  return [
    `${paint.bold(title)}\n${oneLine([method, target].filter(Boolean).join(' '), 300)}`,
    ...(headerLines.length === 0 ? [] : [facts(headerLines, paint)]),
    `${printable(body)}${isCut ? '…' : ''}`,
  ].join('\n\n');
}

/** A delivery's status, coloured. */
export function deliveryStatusText(status: WireDelivery['status'], paint: Colours): string {
  const paints = {
    pending: paint.cyan,
    held: paint.yellow,
    delivered: paint.green,
    failed: paint.red,
    cancelled: paint.yellow,
  };
  return paints[status](status);
}

function attemptTable(attempts: readonly WireAttempt[], paint: Colours): string {
  return table(
    ['ATTEMPT', 'DURATION', 'RESULT', 'RESPONSE'],
    attempts.map((attempt) => [
      localTime(attempt.at),
      durationText(attempt.duration_ms),
      resultOf(attempt),
      attempt.response_excerpt === null ? '' : oneLine(attempt.response_excerpt, 60),
    ]),
    paint,
  );
}

function whatHappened({ reason, attempts }: WireDelivery): string {
  return reason === null ? resultOf(attempts.at(-1)) : oneLine(reason, 80);
}

function resultOf(attempt: WireAttempt | undefined): string {
  if (attempt === undefined) return '-';
  if (attempt.error !== null) return oneLine(attempt.error, 80);
  return `HTTP ${attempt.status_code}`;
}

/** How many results are held for a connector, and how to send or drop them; `null` if there are none. */
export function heldText({ count, more }: WireHeldDeliveries, connector: string): string | null {
  if (count === 0) return null;
  const name = shellWord(connector);
  const results = count === 1 && !more ? '1 result' : `${count}${more ? ' or more' : ''} results`;
  return [
    `${results} held.`,
    `  send:  npx connectors redeliver --status held --connector ${name}`,
    `  drop:  npx connectors drop --connector ${name}`,
  ].join('\n');
}
