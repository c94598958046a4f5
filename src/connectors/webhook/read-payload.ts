import { promisify } from 'node:util';
import { gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib';
import { parse as parseContentType } from 'content-type';
import { bodyOfBytes, type HttpRequest, type UnreadBody } from '../../core/connectors/http-request.ts';
import { endedEarly, type Refused, refuseEvent } from '../../core/connectors/received.ts';
import { RetryableError } from '../../core/errors.ts';
import { parseFields, payloadOfFields } from '../../core/json/form-fields.ts';
import { isJsonObject, type JsonObject, type JsonValue, Payload } from '../../core/json/json-value.ts';
import type { ReadForm } from '../../core/json/read-form.ts';
import type { JsonRead, ReadJson } from '../../core/json/read-json.ts';
import type { ReadText } from '../../core/json/read-text.ts';
import type { MultipartRead, ReadMultipart } from '../../core/multipart/read-multipart.ts';
import type { NaturalKey } from '../../core/triggers/natural-key.ts';

/** Deeper than human-made data, but far below the depth at which readers overflow their stack. */
export const maxDepth = 256;

/** How to read the bodies of a connector. */
export interface PayloadReading {
  /** Limit of the body, and of its decompressed content. */
  readonly maxBytes: number;
  /** Limit of keys and list entries in JSON. */
  readonly maxKeys: number;
  /** The form field that contains the whole payload as JSON; `null` if the sender has none. */
  readonly jsonField: string | null;
  readonly readJson: ReadJson;
  readonly readForm: ReadForm;
  readonly readText: ReadText;
  readonly readMultipart: ReadMultipart;
}

/** The payload that the agent gets. */
export async function readPayload(compressed: HttpRequest, reading: PayloadReading): Promise<PayloadRead> {
  if (compressed.method === 'GET') return queryPayload(compressed.query);
  const { maxBytes, maxKeys, jsonField } = reading;
  const request = await decompressed(compressed, maxBytes);
  if ('outcome' in request) return request;
  const header = request.headers['content-type'] ?? '';
  const { type, parameters } = header === 'application/json' ? plainJson : parseContentType(header);
  const isMultipart = type === 'multipart/form-data';
  const boundary = parameters['boundary'] ?? '';
  if (isMultipart && boundary === '')
    return refuseEvent('malformed', 'The form has no boundary in its content type.');
  const bytes = await readBody(request, maxBytes);
  if (!(bytes instanceof Uint8Array)) return bytes;
  if (isMultipart) return payloadOf(await reading.readMultipart(bytes, boundary));
  const limits = { maxDepth, maxKeys };
  const charset = parameters['charset']?.toLowerCase() ?? 'utf-8';
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json'))
    return payloadOf(await reading.readJson(bytes, charset, limits));
  if (type === 'application/x-www-form-urlencoded')
    return payloadOf(await reading.readForm(bytes, charset, { jsonField, limits }));
  return payloadOf(await reading.readText(bytes, type, charset));
}

/** The most common content type, parsed in advance. */
const plainJson: { type: string; parameters: Record<string, string> } = {
  type: 'application/json',
  parameters: {},
};

/** Query parameters as keys, without the secret. */
function queryPayload(query: string): PayloadRead {
  const parsed = parseFields(query, 'utf-8', 'The query');
  if (parsed.outcome === 'refused') return parsed;
  parsed.fields.delete('secret');
  return { outcome: 'read', payload: Payload.of(payloadOfFields(parsed.fields)), warnings: [] };
}

function payloadOf(read: JsonRead | MultipartRead): PayloadRead {
  if (read.outcome === 'refused') return read;
  const warnings = 'warnings' in read ? read.warnings : [];
  return { outcome: 'read', payload: new Payload(read.text), warnings };
}

/** The result of reading a request's payload. */
export type PayloadRead =
  | {
      readonly outcome: 'read';
      readonly payload: Payload;
      /** What was left out, one sentence each. */
      readonly warnings: readonly string[];
    }
  | Refused;

/** All bytes of the body, or the reason for refusing it. A body whose declared length is too large is not read. */
export async function readBody(request: HttpRequest, maxBytes: number): Promise<Uint8Array | Refused> {
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > maxBytes) return refuseUnread('too-large', maxBytes);
  const body = await request.body.bytes(maxBytes);
  return typeof body === 'string' ? refuseUnread(body, maxBytes) : body;
}

/** Refuses a body that was not read completely. */
function refuseUnread(reason: UnreadBody, maxBytes: number): Refused {
  return reason === 'too-large'
    ? refuseEvent('too-large', `The body is larger than this connector allows, ${maxBytes} bytes.`)
    : endedEarly;
}

type Decoder = (bytes: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>;

const decoders: Readonly<Record<'gzip' | 'deflate' | 'rawDeflate', Decoder>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  rawDeflate: promisify(inflateRaw),
};

/** Supported content codings (RFC 9110, section 8.4.1). */
const codings = new Set(['gzip', 'x-gzip', 'deflate']);

function decoderOf(coding: string, bytes: Uint8Array): Decoder {
  if (coding !== 'deflate') return decoders.gzip;
  // Some senders omit the zlib wrapper, and receivers are expected to cope with that.
  return hasZlibHeader(bytes) ? decoders.deflate : decoders.rawDeflate;
}

/**
 * The request with its body decompressed. The decompressed size has the same limit as the body: decoding stops at
 * `maxBytes`, so a bomb costs no more than a large body.
 */
export function decompressed(
  request: HttpRequest,
  maxBytes: number,
): HttpRequest | Refused | Promise<HttpRequest | Refused> {
  const coding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (coding === '' || coding === 'identity') return request;
  return codings.has(coding) ? decompress(request, coding, maxBytes) : unknownCoding(coding);
}

async function decompress(
  request: HttpRequest,
  coding: string,
  maxBytes: number,
): Promise<HttpRequest | Refused> {
  const bytes = await readBody(request, maxBytes);
  if (!(bytes instanceof Uint8Array)) return bytes;
  try {
    const body = await decoderOf(coding, bytes)(bytes, { maxOutputLength: maxBytes });
    const { 'content-encoding': _coding, 'content-length': _length, ...headers } = request.headers;
    request.body.hold?.(body.length);
    return { ...request, headers, body: bodyOfBytes(body) };
  } catch (thrown) {
    if (thrown instanceof RetryableError) throw thrown;
    if (isTooLarge(thrown)) return refuseUnread('too-large', maxBytes);
    return refuseEvent('malformed', `The body does not match its Content-Encoding, ${coding}.`);
  }
}

function unknownCoding(coding: string): Refused {
  return refuseEvent(
    'unsupported-media-type',
    `The Content-Encoding ${JSON.stringify(coding)} is not supported. Send the body as gzip, as deflate, or uncompressed.`,
  );
}

/** RFC 1950: the method is "deflate", and a checksum covers the first two bytes. */
function hasZlibHeader(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

function isTooLarge(thrown: unknown): boolean {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    'code' in thrown &&
    thrown.code === 'ERR_BUFFER_TOO_LARGE'
  );
}

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

/** A request from a known sender. */
export interface Authenticated {
  readonly outcome: 'authenticated';
  /** The request to continue with, including its body if that was read for the signature. */
  readonly request: HttpRequest;
  /** The payload, if it was read for the signature. */
  readonly read?: PayloadRead;
  /** The id that the sender signed, where nothing else keeps the request from being sent again. */
  readonly signedId?: string;
}
