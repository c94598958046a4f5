import * as z from 'zod';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';

/** W3C Trace Context, "traceparent header": version, trace ID, parent ID, and flags. All-zero IDs are invalid. */
const traceparent = z
  .string()
  .regex(/^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/);

/** Printable ASCII, up to the length that every sender must support. */
const tracestate = z.string().regex(/^[\x20-\x7e\t]{1,512}$/);

const context = z.looseObject({
  trace: z.looseObject({ traceparent, tracestate: tracestate.optional() }),
});

/** The trace of a request as `trace` for the run's context; empty if the request has none. */
export function traceOf({ headers }: HttpRequest): JsonObject {
  const parent = traceparent.safeParse(headers['traceparent']).data;
  if (parent === undefined) return {};
  const state = tracestate.safeParse(headers['tracestate']).data;
  return { trace: { traceparent: parent, ...(state === undefined ? {} : { tracestate: state }) } };
}

/** Headers that link a delivery to the trace of the request that started its run. */
export function traceHeaders(runContext: JsonObject): Record<string, string> {
  const found = context.safeParse(runContext).data?.trace;
  if (found === undefined) return {};
  const { traceparent: parent, tracestate: state } = found;
  return { traceparent: parent, ...(state === undefined ? {} : { tracestate: state }) };
}
