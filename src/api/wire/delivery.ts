import type { Attempt, Delivery } from '../../core/deliveries/delivery.ts';
import type { HeldCount } from '../../core/ports/delivery-store.ts';
import type { WireAttempt, WireDelivery, WireHeldDeliveries } from '../contract/delivery.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/** A delivery with its attempts as the wire has it. */
export function deliveryToWire(delivery: Delivery): WireDelivery {
  return {
    delivery_id: delivery.deliveryId,
    run_id: delivery.runId,
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

export function heldToWire({ count, oldestAt, more }: HeldCount): WireHeldDeliveries {
  return { count, oldest_created_at: toIsoOrNull(oldestAt), more };
}
