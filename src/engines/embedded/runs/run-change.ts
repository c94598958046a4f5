import type { JsonObject } from '../../../core/json-value.ts';
import type { RunSummary } from '../../../core/run.ts';
import { isoTime } from '../iso-time.ts';

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
