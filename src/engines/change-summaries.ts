import type { Connector } from '../core/connector.ts';
import type { Delivery } from '../core/delivery.ts';
import type { JsonObject } from '../core/json-value.ts';
import type { RunSummary } from '../core/run.ts';
import { isoTime } from './iso-time.ts';

/** The wire fields of a run that a list needs to update its row. */
export function runChange(run: RunSummary): JsonObject {
  return {
    run_id: run.runId,
    agent_name: run.agentName,
    connector_id: run.connectorId,
    trigger_id: run.triggerId,
    parent_run_id: run.parentRunId,
    status: run.status,
    error: run.error === null ? null : { code: run.error.code, message: run.error.message },
    queued_at: isoTime(run.queuedAt),
    started_at: isoTime(run.startedAt),
    ended_at: isoTime(run.endedAt),
    attempts: run.attempts,
    token_usage: run.tokenUsage === null ? null : { ...run.tokenUsage },
    cost_usd: run.costUsd,
    model: run.model,
  };
}

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

/** The wire fields of a connector that a list needs to update its row. */
export function connectorChange(connector: Connector): JsonObject {
  return {
    id: connector.id,
    name: connector.name,
    type: connector.type,
    mode: connector.mode,
    agents: [...connector.agents],
    enabled: connector.enabled,
    disabled_reason: connector.disabledReason,
  };
}
