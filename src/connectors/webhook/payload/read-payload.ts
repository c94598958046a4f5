import { parse as parseContentType } from 'content-type';
import type { HttpRequest } from '../../../core/connectors/http-request.ts';
import { refuseEvent } from '../../../core/connectors/refuse-event.ts';
import { parseFields, payloadOfFields } from '../../../core/json/form-fields.ts';
import { Payload } from '../../../core/json/payload.ts';
import type { ReadForm } from '../../../core/json/read-form.ts';
import type { JsonRead, ReadJson } from '../../../core/json/read-json.ts';
import type { ReadText } from '../../../core/json/read-text.ts';
import type { MultipartRead, ReadMultipart } from '../../../core/multipart/read-multipart.ts';
import { decompressed } from './decompress.ts';
import type { PayloadRead } from './payload-read.ts';
import { readBody } from './read-body.ts';

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
