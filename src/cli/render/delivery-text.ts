import type { WireAttempt, WireDelivery } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { oneLine } from '../printable.ts';
import { facts, table } from '../table.ts';
import { durationText, localTime } from '../time-text.ts';

/** Deliveries as a table, with what came of the last attempt. */
export function deliveryTable(deliveries: readonly WireDelivery[], paint: Colours): string {
  if (deliveries.length === 0) return 'There is no such delivery.';
  return table(
    ['CREATED', 'AGENT', 'STATUS', 'ATTEMPTS', 'NEXT', 'DELIVERY', 'LAST ATTEMPT'],
    deliveries.map((delivery) => [
      localTime(delivery.created_at),
      delivery.agent_name,
      deliveryStatusText(delivery.status, paint),
      String(delivery.attempts.length),
      localTime(delivery.next_attempt_at),
      delivery.delivery_id,
      resultOf(delivery.attempts.at(-1)),
    ]),
    paint,
  );
}

/** One delivery with each of its attempts. */
export function deliveryText(delivery: WireDelivery, paint: Colours): string {
  const shown = facts(
    [
      ['delivery', paint.bold(delivery.delivery_id)],
      ['status', deliveryStatusText(delivery.status, paint)],
      ['run', delivery.run_id],
      ['agent', delivery.agent_name],
      ['connector', delivery.connector_id],
      ['created', localTime(delivery.created_at)],
      ['next attempt', delivery.next_attempt_at && localTime(delivery.next_attempt_at)],
    ],
    paint,
  );
  return delivery.attempts.length === 0 ? shown : `${shown}\n\n${attemptTable(delivery.attempts, paint)}`;
}

/** A delivery's status, coloured. */
export function deliveryStatusText(status: WireDelivery['status'], paint: Colours): string {
  const paints = {
    pending: paint.cyan,
    delivered: paint.green,
    failed: paint.red,
    cancelled: paint.yellow,
  };
  return paints[status](status);
}

function attemptTable(attempts: readonly WireAttempt[], paint: Colours): string {
  return table(
    ['ATTEMPT', 'TOOK', 'RESULT', 'ANSWER'],
    attempts.map((attempt) => [
      localTime(attempt.at),
      durationText(attempt.duration_ms),
      resultOf(attempt),
      attempt.response_excerpt === null ? '' : oneLine(attempt.response_excerpt, 60),
    ]),
    paint,
  );
}

function resultOf(attempt: WireAttempt | undefined): string {
  if (attempt === undefined) return '-';
  if (attempt.error !== null) return oneLine(attempt.error, 80);
  return `HTTP ${attempt.status_code}`;
}
