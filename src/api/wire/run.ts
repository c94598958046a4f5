import type { Wait } from '../../core/control/wait-of.ts';
import type { Delivery } from '../../core/deliveries/delivery.ts';
import type { When } from '../../core/runs/due-time.ts';
import type { Run, RunSummary } from '../../core/runs/run.ts';
import type { LogLine, Span, Trace } from '../../core/runs/trace.ts';
import type { RescheduleBody, WireLogLine, WireRun, WireRunSummary, WireSpan } from '../contract/run.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { deliveryToWire } from './delivery.ts';
import { fromIso, toIso, toIsoOrNull } from './iso-time.ts';

/** A run as lists show it. */
export function runSummaryToWire(run: RunSummary): WireRunSummary {
  return {
    run_id: run.runId,
    agent_name: run.agentName,
    connector_id: run.connectorId,
    trigger_id: run.triggerId,
    parent_run_id: run.parentRunId,
    status: run.status,
    error: run.error,
    queued_at: toIso(run.queuedAt),
    scheduled_at: toIsoOrNull(run.scheduledAt),
    started_at: toIsoOrNull(run.startedAt),
    ended_at: toIsoOrNull(run.endedAt),
    attempts: run.attempts,
    token_usage: run.tokenUsage,
    cost_usd: run.costUsd,
    model: run.model,
  };
}

/** When a run is to start, as a request says it. */
export function whenOfWire({ at, delay_seconds }: RescheduleBody): When {
  return withoutUndefined({ at: fromIso(at), delaySeconds: delay_seconds });
}

/** A run with its trace and its deliveries. */
export function runToWire(
  run: Run,
  wait: Wait | null,
  trace: Trace,
  deliveries: readonly Delivery[],
): WireRun {
  return {
    ...runSummaryToWire(run),
    payload: run.payload.exact,
    model_input: run.modelInput,
    output: run.output,
    context: run.context,
    warnings: [...run.warnings, ...Object.values(run.unreadable ?? {})],
    waits_for: wait && { ...wait, since: toIsoOrNull(wait.since) },
    cancel_requested: run.cancelRequested,
    publish_outbound: run.publishes !== false,
    depth: run.chain.length,
    chain: [...run.chain],
    interruptions: run.interruptions.map((interruption) => ({ ...interruption, at: toIso(interruption.at) })),
    spans: trace.spans.map(spanToWire),
    logs: trace.logs.map(logLineToWire),
    deliveries: deliveries.map(deliveryToWire),
  };
}

function spanToWire(span: Span): WireSpan {
  return {
    span_id: span.spanId,
    parent_span_id: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    started_at: toIso(span.startedAt),
    ended_at: toIsoOrNull(span.endedAt),
    duration_ms: span.endedAt === null ? null : Math.round(span.endedAt - span.startedAt),
    status: span.status,
    error: span.error,
    attributes: span.attributes,
  };
}

function logLineToWire(line: LogLine): WireLogLine {
  return { at: toIso(line.at), level: line.level, source: line.source, message: line.message };
}
