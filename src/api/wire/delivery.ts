import type { Attempt, Delivery, SentMessage } from '../../core/deliveries/delivery.ts';
import type { ShownMessage } from '../../core/deliveries/show-delivery.ts';
import type { HeldCount } from '../../core/ports/delivery-store.ts';
import type {
  WireAttempt,
  WireDelivery,
  WireDeliveryMessage,
  WireHeldDeliveries,
  WireSentMessage,
  WireShownAttempt,
  WireShownDelivery,
} from '../contract/delivery.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/** A delivery with its attempts in wire format. */
export function deliveryToWire(delivery: Delivery): WireDelivery {
  return {
    delivery_id: delivery.deliveryId,
    run_id: delivery.event === undefined ? delivery.runId : null,
    event: delivery.event ?? null,
    by_choice: delivery.message !== undefined,
    connector_id: delivery.connectorId,
    agent_name: delivery.agentName,
    status: delivery.status,
    reason: delivery.reason,
    attempts: delivery.attempts.map(attemptToWire),
    next_attempt_at: toIsoOrNull(delivery.nextAttemptAt),
    created_at: toIso(delivery.createdAt),
  };
}

function attemptToWire(attempt: Attempt): WireAttempt {
  return {
    at: toIso(attempt.at),
    duration_ms: attempt.durationMs,
    status_code: attempt.statusCode,
    error: attempt.error,
    response_excerpt: attempt.responseExcerpt,
  };
}

/** A delivery with what each attempt sent and received, and the message as it would be sent now. */
export function shownDeliveryToWire(delivery: Delivery, message: ShownMessage | null): WireShownDelivery {
  let sent: SentMessage | undefined;
  const attempts = delivery.attempts.map((attempt): WireShownAttempt => {
    sent = attempt.sent ?? sent;
    return {
      ...attemptToWire(attempt),
      request: sent === undefined ? null : sentToWire(sent),
      response_headers: attempt.responseHeaders ?? null,
    };
  });
  return { ...deliveryToWire(delivery), attempts, message: message && messageToWire(message) };
}

function messageToWire(message: ShownMessage): WireDeliveryMessage {
  const { body, isCut, wasSent } = message;
  return { ...sentToWire(message), body, body_cut: isCut, was_sent: wasSent };
}

function sentToWire({ method, target, headers, bytes }: SentMessage): WireSentMessage {
  return { method, target, headers, body_bytes: bytes };
}

export function heldToWire({ count, oldestAt, more }: HeldCount): WireHeldDeliveries {
  return { count, oldest_created_at: toIsoOrNull(oldestAt), more };
}
