import { parse as parseContentType } from 'content-type';
import type { HttpRequest } from '../../../core/connectors/http-request.ts';
import { Payload } from '../../../core/json/payload.ts';
import type { ReadJson } from '../../../core/json/read-json.ts';
import { decompressed } from './decompress.ts';
import { hasTooManyFields, parseFields, payloadOfFields, tooManyFields } from './form-fields.ts';
import { jsonPayload } from './json-payload.ts';
import type { PayloadRead } from './payload-read.ts';
import { readBody } from './read-body.ts';
import { textPayload } from './text-payload.ts';

/** How the bodies of one connector are read. */
export interface PayloadReading {
  /** Of the body, and where it is compressed also of what comes out. */
  readonly maxBytes: number;
  /** Keys and list entries of JSON. */
  readonly maxKeys: number;
  /** The field of a form that holds the whole payload as JSON; `null` where the sender knows none. */
  readonly jsonField: string | null;
  readonly readJson: ReadJson;
}

/** The payload that the agent gets (connectors.md, table "Request"). */
export async function readPayload(compressed: HttpRequest, reading: PayloadReading): Promise<PayloadRead> {
  if (compressed.method === 'GET') return queryPayload(compressed.query);
  const { maxBytes } = reading;
  const request = await decompressed(compressed, maxBytes);
  if ('outcome' in request) return request;
  const header = request.headers['content-type'] ?? '';
  const { type, parameters } = header === 'application/json' ? plainJson : parseContentType(header);
  if (type === 'multipart/form-data') return multipart(request, maxBytes);
  const bytes = await readBody(request, maxBytes);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const charset = parameters['charset']?.toLowerCase() ?? 'utf-8';
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json'))
    return jsonPayload(bytes, charset, reading);
  if (type === 'application/x-www-form-urlencoded') return formPayload(bytes, charset, reading);
  return textPayload(bytes, type, charset);
}

/** What most senders say, known without parsing. */
const plainJson: { type: string; parameters: Record<string, string> } = {
  type: 'application/json',
  parameters: {},
};

/** Query parameters as keys, whatever was accepted as the secret left out. */
function queryPayload(query: string): PayloadRead {
  const parsed = parseFields(query, 'utf-8', 'The query');
  if (parsed.outcome === 'refused') return parsed;
  parsed.fields.delete('secret');
  return { outcome: 'read', payload: Payload.of(payloadOfFields(parsed.fields)), warnings: [] };
}

async function formPayload(
  bytes: Uint8Array,
  charset: string,
  reading: PayloadReading,
): Promise<PayloadRead> {
  const { jsonField } = reading;
  if (hasTooManyFields(bytes)) return tooManyFields('The form');
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const parsed = parseFields(raw, charset, 'The form');
  if (parsed.outcome === 'refused') return parsed;
  const [json, ...more] = parsed.fields.get(jsonField ?? '') ?? [];
  if (jsonField !== null && json !== undefined && more.length === 0 && parsed.fields.size === 1) {
    return jsonPayload(Buffer.from(json), 'utf-8', reading);
  }
  return { outcome: 'read', payload: Payload.of(payloadOfFields(parsed.fields)), warnings: [] };
}

/** Loaded when the first form with files comes: its parsers are large and most connectors never need them. */
async function multipart(request: HttpRequest, maxBytes: number): Promise<PayloadRead> {
  const { multipartPayload } = await import('./multipart-payload.ts');
  return multipartPayload(request, maxBytes);
}
