import { hash } from 'node:crypto';
import * as z from 'zod';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  type IdempotencyKey,
  type ReceiveContext,
  type Refused,
  refuseEvent,
} from '../../core/connectors/received.ts';
import { textOrJson } from '../../core/identifiers.ts';
import {
  addField,
  type Fields,
  maxFields,
  parseFields,
  payloadOfFields,
} from '../../core/json/form-fields.ts';
import type { JsonObject, Payload } from '../../core/json/json-value.ts';
import { longestDelaySeconds } from '../../core/runs/due-time.ts';
import type { EventIdentity } from '../../signatures/presets.ts';
import { senderOf } from './auth-config.ts';
import { passedHeaders, type ReceivingConfig } from './receiving-config.ts';

export interface RequestFacts {
  /** `request: {method, headers, query}` and `trace`, for the runs' context. */
  readonly context: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * The facts about a request that its runs get besides the payload: the method, the headers that the configuration and
 * its preset name, and the query without the secret. Headers that authenticate the sender are excluded.
 */
export function requestFacts(request: HttpRequest, config: ReceivingConfig): RequestFacts {
  const { method, headers } = request;
  const { query, warnings } = queryFacts(request.query);
  return {
    context: {
      request: { method, headers: passedHeaders(headers, config.auth, config.pass_headers), query },
      ...traceOf(request),
    },
    warnings,
  };
}

/**
 * Reads each parameter separately: beside a POST payload, an undecodable parameter is no reason to refuse the request.
 */
function queryFacts(query: string): { readonly query: JsonObject; readonly warnings: readonly string[] } {
  if (query === '') return { query: {}, warnings: [] };
  const fields: Fields = new Map();
  const pairs = query.split('&');
  const beyond = pairs.length - maxFields;
  let unreadable = 0;
  for (const pair of pairs.slice(0, maxFields)) {
    const parsed = parseFields(pair, 'utf-8', 'The query');
    if (parsed.outcome === 'refused') unreadable += 1;
    else
      for (const [name, values] of parsed.fields) for (const value of values) addField(fields, name, value);
  }
  const warnings: string[] = [];
  if (unreadable > 0) warnings.push(leftOut(unreadable, 'are not valid'));
  if (beyond > 0) warnings.push(leftOut(beyond, `come after the first ${maxFields}`));
  fields.delete('secret');
  return { query: payloadOfFields(fields), warnings };
}

function leftOut(count: number, why: string): string {
  return `${count} of the query's parameters were omitted: they ${why}.`;
}

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
function traceOf({ headers }: HttpRequest): JsonObject {
  if (headers['traceparent'] === undefined) return {};
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

/** Seconds for which the runs of a request wait. */
const delayHeader = 'x-connic-delay';

type Delay = { readonly outcome: 'read'; readonly scheduledAt?: number } | Refused;

/** When the runs of an authenticated request are due, by its `X-Connic-Delay`. */
export function readDelay(headers: HttpRequest['headers'], { connector, now }: ReceiveContext): Delay {
  const text = headers[delayHeader];
  if (text === undefined) return { outcome: 'read' };
  if (connector.mode === 'sync') {
    return refused(
      'A sync connector answers with the result of its runs. Leave X-Connic-Delay out, or use an inbound connector.',
    );
  }
  const seconds = /^\d{1,8}$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds <= longestDelaySeconds)) {
    return refused(
      `X-Connic-Delay must be a whole number of seconds from 0 to ${longestDelaySeconds} (366 days).`,
    );
  }
  return seconds === 0 ? { outcome: 'read' } : { outcome: 'read', scheduledAt: now + seconds * 1_000 };
}

function refused(detail: string): Refused {
  return refuseEvent('malformed', detail);
}

/** How long repeats are recognised. */
const validForMs = 24 * 3_600 * 1_000;

/**
 * How long an ID is remembered that is all that a signature covers: its time may be a day in the past or in the future
 * at most, so that no signature outlives its ID.
 */
const signedValidForMs = 2 * validForMs;

/** Longer keys are stored as hashes. */
const longestKey = 255;

/**
 * The ID that identifies repeats of this request: the one that its sender signed, otherwise its `Idempotency-Key`,
 * otherwise the value that the configuration names, otherwise the event ID of the preset's sender. `null` if it has none
 * of them.
 *
 * For a key of the request or the configuration, requests are equal if they have the same method and payload. The sender's own event
 * ID is sufficient by itself: the text may differ between attempts. Stripe's, for example, counts pending deliveries.
 */
export function idempotencyKeyOf(
  request: HttpRequest,
  config: ReceivingConfig,
  payload: Payload,
  signedId: string | undefined,
): IdempotencyKey | null {
  const { auth, dedupe, preset_dedupe } = config;
  if (signedId !== undefined) return { ...idOfSender(auth, signedId), validForMs: signedValidForMs };
  const key = request.headers['idempotency-key'] || keyAt(request, dedupe, payload);
  if (key) return idempotencyKey(key, `${request.method}\n${payload.text}`);
  const sender = senderOf(auth);
  if (dedupe !== null || !preset_dedupe || sender === null) return null;
  const id = identitiesOf(sender)
    .map((place) => keyAt(request, placeOf(place), payload))
    .find((found) => found !== '');
  return id === undefined ? null : idOfSender(auth, id);
}

function idOfSender({ type }: ReceivingConfig['auth'], id: string): IdempotencyKey {
  return idempotencyKey(`${type}: ${id}`, type);
}

/** Where a sender's requests carry the event ID. */
function identitiesOf({ repeats, otherHeaders }: NonNullable<ReturnType<typeof senderOf>>): EventIdentity[] {
  const inOtherHeaders = otherHeaders?.idHeader ?? null;
  return [
    ...(repeats === null ? [] : [repeats]),
    ...(inOtherHeaders === null ? [] : [{ header: inOtherHeaders }]),
  ];
}

function idempotencyKey(key: string, fingerprint: string): IdempotencyKey {
  return {
    key: key.length > longestKey ? hash('sha256', key, 'base64url') : key,
    fingerprint: hash('sha256', fingerprint, 'base64url'),
    validForMs,
  };
}

function placeOf(identity: EventIdentity): ReceivingConfig['dedupe'] {
  return 'header' in identity ? identity : { body_path: identity.bodyPath };
}

function keyAt({ headers }: HttpRequest, place: ReceivingConfig['dedupe'], payload: Payload): string {
  if (place?.header !== undefined) return headers[place.header] ?? '';
  if (place?.body_path === undefined) return '';
  const found = payload.at(place.body_path);
  return found === undefined || found === 'null' ? '' : textOrJson(found);
}
