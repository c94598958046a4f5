import type { Refused } from '../../../core/connector-type.ts';
import { refuse } from '../refuse.ts';

export interface Decoded {
  readonly outcome: 'decoded';
  readonly text: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Text from bytes; a byte order mark is left out.
 *
 * @param charset a label of the WHATWG Encoding Standard
 * @param subject what the bytes are, for the sentence of a refusal: "The body"
 * @returns `refused` where the charset is unknown or the bytes are not valid in it
 */
export function decodeText(bytes: Uint8Array, charset: string, subject: string): Decoded | Refused {
  const decoder = decoderOf(charset);
  if (decoder === null)
    return refuse('unsupported-media-type', `The charset ${JSON.stringify(charset)} is not known.`);
  try {
    return { outcome: 'decoded', text: decoder.decode(bytes) };
  } catch {
    return refuse('malformed', `${subject} is not valid ${decoder.encoding.toUpperCase()} text.`);
  }
}

function decoderOf(charset: string): typeof utf8 | null {
  if (charset === 'utf-8') return utf8;
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    return null;
  }
}
