import type { Connector } from '../core/connector.ts';
import type { Delivery } from '../core/delivery.ts';
import type { ChangeEvent } from '../core/ports/run-signals.ts';
import type { RunSummary } from '../core/run.ts';

/** The change event of a run: the wire fields that a list needs to update its row. */
export function runChanged(run: RunSummary): ChangeEvent {
  const summary = {
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
  return { type: 'run.updated', id: run.runId, summary };
}

/** The change event of a delivery. */
export function deliveryChanged(delivery: Delivery): ChangeEvent {
  const summary = {
    delivery_id: delivery.deliveryId,
    run_id: delivery.runId,
    agent_name: delivery.agentName,
    connector_id: delivery.connectorId,
    status: delivery.status,
    attempts: delivery.attempts.length,
    next_attempt_at: isoTime(delivery.nextAttemptAt),
    created_at: isoTime(delivery.createdAt),
  };
  return { type: 'delivery.updated', id: delivery.deliveryId, summary };
}

/** The change event of a connector; nothing of its configuration or its secrets. */
export function connectorChanged(connector: Connector): ChangeEvent {
  const summary = {
    id: connector.id,
    name: connector.name,
    type: connector.type,
    mode: connector.mode,
    agents: [...connector.agents],
    enabled: connector.enabled,
    disabled_reason: connector.disabledReason,
    updated_at: isoTime(connector.updatedAt),
  };
  return { type: 'connector.updated', id: connector.id, summary };
}

function isoTime(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}
