import { decodeText, faultInBytes, type JsonRead, type RefusedText } from './read-json.ts';

/**
 * Reads a body of any other type, as text: `{message}`. An empty body without a type is an empty payload.
 *
 * @param bytes given away: another thread may own them afterwards
 * @param type lower-case media type; empty if the sender gives none
 * @param charset a label of the WHATWG Encoding Standard
 */
export type ReadText = (bytes: Uint8Array, type: string, charset: string) => JsonRead | Promise<JsonRead>;

const binaryType = /^(?:image|audio|video|font|model|multipart)\/|^application\/(?:pdf|zip|gzip|wasm)$/;
const xmlType = /\+xml$/;

/** `ReadText` in the calling thread. */
export function readText(bytes: Uint8Array, type: string, charset: string): JsonRead {
  if (type === '' && bytes.length === 0) return { outcome: 'read', text: '{}' };
  if (binaryType.test(type) && !xmlType.test(type)) return unreadable(type);
  const decoded = decodeText(bytes, charset, 'The body');
  if (type.startsWith('text/') || xmlType.test(type)) {
    if (decoded.outcome === 'decoded') return message(decoded.text);
    if (decoded.reason !== 'malformed') return decoded;
    const detail = `${decoded.detail.slice(0, -1)} (${faultInBytes(bytes, charset)}).`;
    return { outcome: 'refused', reason: 'malformed', detail };
  }
  if (decoded.outcome === 'refused' || decoded.text.includes('\0')) return unreadable(type);
  return message(decoded.text);
}

function message(text: string): JsonRead {
  return { outcome: 'read', text: JSON.stringify({ message: text }) };
}

function unreadable(type: string): RefusedText {
  const what = type === '' ? 'A body without a content type' : `A body of type ${type}`;
  const detail = `${what} is not supported. Send JSON, a form, or text; send files as multipart/form-data.`;
  return { outcome: 'refused', reason: 'unsupported-media-type', detail };
}
