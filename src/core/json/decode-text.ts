import { placeInText } from './place-in-text.ts';

export interface Decoded {
  readonly outcome: 'decoded';
  readonly text: string;
}

/** Bytes that are not what their sender says; a `Refused` of a connector type. */
export interface RefusedText {
  readonly outcome: 'refused';
  readonly reason: 'malformed' | 'unsupported-media-type' | 'too-large';
  /** One sentence for the sender. */
  readonly detail: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Text from bytes; a byte order mark is left out.
 *
 * @param charset a label of the WHATWG Encoding Standard
 * @param subject what the bytes are, for the sentence of a refusal: "The body"
 * @returns `refused` where the charset is unknown or the bytes are not valid in it
 */
export function decodeText(bytes: Uint8Array, charset: string, subject: string): Decoded | RefusedText {
  const decoder = decoderOf(charset);
  if (decoder === null) {
    const detail = `The charset ${JSON.stringify(charset)} is not known.`;
    return { outcome: 'refused', reason: 'unsupported-media-type', detail };
  }
  try {
    return { outcome: 'decoded', text: decoder.decode(bytes) };
  } catch {
    const detail = `${subject} is not valid ${decoder.encoding.toUpperCase()} text.`;
    return { outcome: 'refused', reason: 'malformed', detail };
  }
}

const chunkBytes = 16 * 1024;

/** Where the first bytes stand that `decodeText` cannot decode: behind all that can be. */
export function faultInBytes(bytes: Uint8Array, charset: string): string {
  const start = decodable(bytes, charset, 0, chunkBytes).bytes;
  const { text } = decodable(bytes, charset, start, 1);
  return placeInText(text, text.length);
}

/** How much can be decoded when it comes in pieces of `step` bytes, from `start` on. */
function decodable(bytes: Uint8Array, charset: string, start: number, step: number) {
  const decoder = new TextDecoder(charset, { fatal: true });
  let text = decoder.decode(bytes.subarray(0, start), { stream: true });
  let at = start;
  try {
    for (; at < bytes.length; at += step)
      text += decoder.decode(bytes.subarray(at, at + step), { stream: true });
  } catch {
    // The fault is in this piece.
  }
  return { text, bytes: Math.min(at, bytes.length) };
}

function decoderOf(charset: string): typeof utf8 | null {
  if (charset === 'utf-8') return utf8;
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return null;
  }
}
