import type { Arrival } from '../../core/triggers/arrival.ts';
import { type ListedTrigger, listedRefused, listedTrigger } from '../../core/triggers/list-triggers.ts';
import type { RefusedRequest } from '../../core/triggers/refused-request.ts';
import type { ShowTriggerOutcome } from '../../core/triggers/show-trigger.ts';
import type {
  WireArrival,
  WireRefusedRequest,
  WireTrigger,
  WireTriggerSummary,
} from '../contract/trigger.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';
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

/** A trigger as lists show it. */
export function triggerSummaryToWire(trigger: ListedTrigger): WireTriggerSummary {
  return {
    trigger_id: trigger.triggerId,
    connector_id: trigger.connectorId,
    received_at: toIso(trigger.receivedAt),
    outcome: trigger.outcome,
    reason: trigger.reason,
    run_ids: [...trigger.runIds],
    sent_through_at: toIsoOrNull(trigger.sentAt),
  };
}

/** A trigger with everything that is known of it. */
export function triggerToWire(shown: Extract<ShowTriggerOutcome, { outcome: 'found' }>): WireTrigger {
  const { trigger, content, runs, repeats } = shown;
  return {
    ...triggerSummaryToWire(listedTrigger(trigger)),
    request: trigger.arrival === undefined ? null : arrivalToWire(trigger.arrival),
    payload: content?.payload.exact ?? null,
    model_input: content?.modelInput ?? null,
    warnings: [...(content?.warnings ?? []), ...Object.values(content?.unreadable ?? {})],
    runs: runs.map(runSummaryToWire),
    repeats: repeats.map(refusedRequestToWire),
  };
}

/** A refused request in the shape of a trigger. */
export function refusedTriggerToWire(request: RefusedRequest): WireTrigger {
  return {
    ...triggerSummaryToWire(listedRefused(request)),
    request: arrivalToWire(request.arrival),
    payload: null,
    model_input: null,
    warnings: [],
    runs: [],
    repeats: [],
  };
}

function arrivalToWire({ method, query, headers, sender, bytes }: Arrival): WireArrival {
  return { method, query, headers, sender, body_bytes: bytes };
}
