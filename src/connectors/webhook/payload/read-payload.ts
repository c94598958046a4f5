import { parse as parseContentType } from 'content-type';
import type { HttpRequest } from '../../../core/connectors/http-request.ts';
import { parseFields, payloadOfFields } from '../../../core/json/form-fields.ts';
import { Payload } from '../../../core/json/payload.ts';
import type { ReadForm } from '../../../core/json/read-form.ts';
import type { JsonRead, ReadJson } from '../../../core/json/read-json.ts';
import { decompressed } from './decompress.ts';
import type { PayloadRead } from './payload-read.ts';
import { readBody } from './read-body.ts';
import { textPayload } from './text-payload.ts';

/** Deeper than data that people shape, and far from where programs that read it overflow their stack. */
export const maxDepth = 256;

/** How the bodies of one connector are read. */
export interface PayloadReading {
  /** Of the body, and where it is compressed also of what comes out. */
  readonly maxBytes: number;
  /** Keys and list entries of JSON. */
  readonly maxKeys: number;
  /** The field of a form that holds the whole payload as JSON; `null` where the sender knows none. */
  readonly jsonField: string | null;
  readonly readJson: ReadJson;
  readonly readForm: ReadForm;
}

/** The payload that the agent gets. */
export async function readPayload(compressed: HttpRequest, reading: PayloadReading): Promise<PayloadRead> {
  if (compressed.method === 'GET') return queryPayload(compressed.query);
  const { maxBytes, maxKeys, jsonField, readJson, readForm } = reading;
  const request = await decompressed(compressed, maxBytes);
  if ('outcome' in request) return request;
  const header = request.headers['content-type'] ?? '';
  const { type, parameters } = header === 'application/json' ? plainJson : parseContentType(header);
  if (type === 'multipart/form-data') return multipart(request, maxBytes);
  const bytes = await readBody(request, maxBytes);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const limits = { maxDepth, maxKeys };
  const charset = parameters['charset']?.toLowerCase() ?? 'utf-8';
  if (type === 'application/json' || type === 'text/json' || type.endsWith('+json'))
    return payloadOf(await readJson(bytes, charset, limits));
  if (type === 'application/x-www-form-urlencoded')
    return payloadOf(await readForm(bytes, charset, { jsonField, limits }));
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

function payloadOf(read: JsonRead): PayloadRead {
  if (read.outcome === 'refused') return read;
  return { outcome: 'read', payload: new Payload(read.text), warnings: [] };
}

/** Loaded when the first form with files comes: its parsers are large and most connectors never need them. */
async function multipart(request: HttpRequest, maxBytes: number): Promise<PayloadRead> {
  const { multipartPayload } = await import('./multipart-payload.ts');
  return multipartPayload(request, maxBytes);
}
