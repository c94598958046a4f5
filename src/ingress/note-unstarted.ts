import type { AcceptedTrigger } from '../core/connectors/accepted-trigger.ts';
import type { HttpRequest } from '../core/connectors/http-request.ts';
import type { Refused } from '../core/connectors/received.ts';
import type { Engine } from '../core/ports/engine.ts';
import { type Arrival, arrivalOf } from '../core/triggers/arrival.ts';
import { arrivalAt } from '../core/triggers/arrival-at.ts';
import { noteRefused } from '../core/triggers/note-refused.ts';
import type { CallTarget, FoundWay } from './find-called-way.ts';

/** A request with its target. */
export interface Call {
  readonly target: CallTarget;
  readonly request: HttpRequest;
  /** `null` if no connector of any type can be called there. */
  readonly found: FoundWay<'request'> | null;
}

/** What is kept of a request, without what the connector's type treats as a credential. */
export function arrivalOfCall({ request, found }: Call): Arrival {
  if (found === null) return arrivalOf(request);
  return arrivalAt(request, found.way, found.connector);
}

/** Records a refused request. Never throws. @param status that the sender gets */
export function noteRefusal(engine: Engine, call: Call, refused: Refused, status: number): Promise<void> {
  const { found, target } = call;
  return noteRefused(engine, {
    connectorId: found === null || found.isDecoy ? null : found.connector.id,
    calledId: target.connectorId,
    reason: refused.reason,
    status,
    detail: refused.detail,
    runId: null,
    arrival: () => arrivalOfCall(call),
  });
}

/** Records a request that repeats an earlier one; its sender gets that one's runs. Never throws. */
export function noteRepeat(
  engine: Engine,
  call: Call,
  { connector, runIds }: AcceptedTrigger,
): Promise<void> {
  return noteRefused(engine, {
    connectorId: connector.id,
    calledId: call.target.connectorId,
    reason: 'repeated',
    status: 200,
    detail: 'The request repeats an earlier one. Its sender got the runs of that one.',
    runId: runIds[0] ?? null,
    arrival: () => arrivalOfCall(call),
  });
}
