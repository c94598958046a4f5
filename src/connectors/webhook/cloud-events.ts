import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { Refused } from '../../core/connectors/received.ts';
import { refuseEvent } from '../../core/connectors/refuse-event.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import { Payload } from '../../core/json/payload.ts';
import type { NaturalKey } from '../../core/triggers/natural-key.ts';

/** An event, with its own identity if it has one. */
export interface IdentifiedEvent {
  readonly payload: Payload;
  readonly natural: NaturalKey | null;
}

export type EventsRead = { readonly outcome: 'read'; readonly events: readonly IdentifiedEvent[] } | Refused;

/**
 * Reads a request by CloudEvents 1.0, "HTTP protocol binding": structured, binary, or a batch. The data of an event is its
 * payload, beside its context attributes under `_cloudevent`. Any other request is one event without an identity.
 *
 * @param body the payload as every request has it
 */
export function readCloudEvents(headers: HttpRequest['headers'], body: Payload): EventsRead {
  const type = (headers['content-type'] ?? '').toLowerCase();
  if (type.startsWith('application/cloudevents-batch')) return readBatch(body);
  if (type.startsWith('application/cloudevents')) return readAll([structured(body.exact)]);
  if (headers['ce-specversion'] !== undefined) return readAll([binary(headers, body)]);
  return { outcome: 'read', events: [{ payload: body, natural: null }] };
}

/** Each event is stored by itself before the sender is answered. */
const mostEvents = 1_000;

function readBatch(body: Payload): EventsRead {
  const { exact } = body;
  if (!Array.isArray(exact)) return refuseEvent('malformed', 'A batch of CloudEvents must be a JSON list.');
  if (exact.length > mostEvents)
    return refuseEvent('too-large', `A batch can have at most ${mostEvents} events.`);
  return readAll(exact.map(structured));
}

function readAll(read: readonly (IdentifiedEvent | Refused)[]): EventsRead {
  const events: IdentifiedEvent[] = [];
  for (const one of read) {
    if ('outcome' in one) return one;
    events.push(one);
  }
  return { outcome: 'read', events };
}

/** @param event with the digits of its numbers */
function structured(event: JsonValue): IdentifiedEvent | Refused {
  if (!isJsonObject(event)) return refuseEvent('malformed', 'A CloudEvent must be a JSON object.');
  const { data, data_base64: base64, ...attributes } = event;
  const problem = problemOf(attributes);
  if (problem !== null) return problem;
  if (data === undefined && typeof base64 === 'string')
    return identified(JSON.stringify({ data_base64: base64 }), attributes);
  return identified(data === undefined ? '{}' : JSON.stringify(data), attributes);
}

function binary(headers: HttpRequest['headers'], body: Payload): IdentifiedEvent | Refused {
  const attributes: JsonObject = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('ce-') && value !== undefined) attributes[name.slice(3)] = decoded(value);
  }
  return problemOf(attributes) ?? identified(body.text, attributes);
}

/** HTTP protocol binding, section 3.1.3.2: values are percent-encoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

const required = ['id', 'source', 'type', 'specversion'];

function problemOf(attributes: JsonObject): Refused | null {
  const missing = required.find((name) => {
    const { [name]: value } = attributes;
    return typeof value !== 'string' || value === '';
  });
  if (missing !== undefined) return refuseEvent('malformed', `The CloudEvent has no "${missing}".`);
  if (attributes['specversion'] === '1.0') return null;
  return refuseEvent('malformed', 'Only CloudEvents of version 1.0 are supported.');
}

/** @param data JSON text, with the digits of its numbers */
function identified(data: string, attributes: JsonObject): IdentifiedEvent {
  const fields = data.startsWith('{') ? data.slice(1, -1) : `"message":${data}`;
  const parts = [fields, `"_cloudevent":${JSON.stringify(attributes)}`];
  const { source, id, time } = attributes;
  const timeMs = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return {
    payload: new Payload(`{${parts.filter((part) => part !== '').join(',')}}`),
    natural: { key: `${source}\n${id}`, timeMs: Number.isNaN(timeMs) ? 0 : Math.max(0, timeMs) },
  };
}
