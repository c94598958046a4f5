import { Payload } from '../../../core/json/payload.ts';
import { decodeText, faultInBytes } from '../../../core/json/read-json.ts';
import { refuse } from '../refuse.ts';
import type { PayloadRead } from './payload-read.ts';

const binaryType = /^(?:image|audio|video|font|model|multipart)\/|^application\/(?:pdf|zip|gzip|wasm)$/;
const xmlType = /\+xml$/;

/**
 * `{message}` with the body's text, for text of every kind that has no other shape. An empty body of no type is an
 * empty payload.
 *
 * @param type lower-case media type; empty where the sender gives none
 */
export function textPayload(bytes: Uint8Array, type: string, charset: string): PayloadRead {
  if (type === '' && bytes.length === 0) return { outcome: 'read', payload: new Payload('{}'), warnings: [] };
  if (binaryType.test(type) && !xmlType.test(type)) return unreadable(type);
  const decoded = decodeText(bytes, charset, 'The body');
  if (type.startsWith('text/') || xmlType.test(type)) {
    if (decoded.outcome === 'decoded') return message(decoded.text);
    if (decoded.reason !== 'malformed') return decoded;
    return refuse('malformed', `${decoded.detail.slice(0, -1)} (${faultInBytes(bytes, charset)}).`);
  }
  if (decoded.outcome === 'refused' || decoded.text.includes('\0')) return unreadable(type);
  return message(decoded.text);
}

function message(text: string): PayloadRead {
  return { outcome: 'read', payload: Payload.of({ message: text }), warnings: [] };
}

function unreadable(type: string): PayloadRead {
  const what = type === '' ? 'A body without a content type' : `A body of type ${type}`;
  return refuse(
    'unsupported-media-type',
    `${what} is not supported. Send JSON, a form, or text; send files as multipart/form-data.`,
  );
}
