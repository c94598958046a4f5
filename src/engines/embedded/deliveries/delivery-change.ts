import type { Delivery } from '../../../core/delivery.ts';
import type { JsonObject } from '../../../core/json-value.ts';
import { isoTime } from '../iso-time.ts';

/** The wire fields of a delivery that a list needs to update its row. */
export function deliveryChange(delivery: Delivery): JsonObject {
  return {
    delivery_id: delivery.deliveryId,
    run_id: delivery.runId,
    connector_id: delivery.connectorId,
    agent_name: delivery.agentName,
    status: delivery.status,
    attempts: delivery.attempts.map((attempt) => ({
      at: isoTime(attempt.at),
      duration_ms: attempt.durationMs,
      status_code: attempt.statusCode,
      error: attempt.error,
      response_excerpt: attempt.responseExcerpt,
    })),
    next_attempt_at: isoTime(delivery.nextAttemptAt),
    created_at: isoTime(delivery.createdAt),
  };
}
