import type { Run, RunSummary } from '../../core/runs/run.ts';
import type { Arrival } from '../../core/triggers/arrival.ts';
import type { RefusedRequest } from '../../core/triggers/refused-request.ts';
import type { TriggerRecord } from '../../core/triggers/trigger.ts';
import type { WireArrival, WireRefusedRequest, WireTrigger } from '../contract/trigger.ts';
import { toIso } from './iso-time.ts';
import { runSummaryToWire } from './run.ts';

/** A request that started no run, in wire format. */
export function refusedRequestToWire(refused: RefusedRequest): WireRefusedRequest {
  return {
    request_id: refused.requestId,
    at: toIso(refused.at),
    connector_id: refused.connectorId,
    called_id: refused.calledId,
    reason: refused.reason,
    status: refused.status,
    detail: refused.detail,
    run_id: refused.runId,
    request: arrivalToWire(refused.arrival),
  };
}

/** @param first the first of its runs, with its payload: all its runs got the same one */
export function triggerToWire(
  trigger: TriggerRecord,
  first: Run | null,
  runs: readonly RunSummary[],
  repeats: readonly RefusedRequest[],
): WireTrigger {
  return {
    trigger_id: trigger.triggerId,
    connector_id: trigger.connectorId,
    received_at: toIso(trigger.receivedAt),
    request: trigger.arrival === undefined ? null : arrivalToWire(trigger.arrival),
    payload: first?.payload.exact ?? null,
    model_input: first?.modelInput ?? null,
    warnings: [...(first?.warnings ?? []), ...Object.values(first?.unreadable ?? {})],
    outcome: 'accepted',
    reason: null,
    run_ids: [...trigger.runIds],
    runs: runs.map(runSummaryToWire),
    repeats: repeats.map(refusedRequestToWire),
  };
}

function arrivalToWire({ method, query, headers, sender, bytes }: Arrival): WireArrival {
  return { method, query, headers, sender, body_bytes: bytes };
}
