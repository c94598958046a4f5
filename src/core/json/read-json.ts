import { endOfString, parseExactly } from './exact-json.ts';
import { findJsonFault } from './json-fault.ts';
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
    const detail = `The charset ${JSON.stringify(charset)} is not supported.`;
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

export type JsonRead =
  /** The text as `Payload` holds it. */
  { readonly outcome: 'read'; readonly text: string } | RefusedText;

/**
 * Reads a body as one JSON value with each key once. Every refusal names line and column.
 *
 * @param bytes are given away: they may be in another thread afterwards
 * @param charset a label of the WHATWG Encoding Standard
 */
export type ReadJson = (
  bytes: Uint8Array,
  charset: string,
  limits: JsonLimits,
) => JsonRead | Promise<JsonRead>;

/** `ReadJson` in the thread that calls it. */
export function readJson(bytes: Uint8Array, charset: string, limits: JsonLimits): JsonRead {
  if (bytes.length === 0)
    return malformed('The body is empty, but its content type is JSON (line 1 column 1).');
  const decoded = decodeText(bytes, charset, 'The body');
  if (decoded.outcome === 'decoded') return readJsonText(decoded.text, limits);
  if (decoded.reason !== 'malformed') return decoded;
  return malformed(`${decoded.detail.slice(0, -1)} (${faultInBytes(bytes, charset)}).`);
}

/** The same of a text. */
export function readJsonText(source: string, limits: JsonLimits): JsonRead {
  const measured = measureJson(source, limits);
  if (measured.passed !== null) return pastLimit(source, limits, measured.passed);
  const text = rewritten(source);
  // Of keys that stand twice, only the last is left.
  if (text !== null && measureJson(text, limits).keys === measured.keys) return { outcome: 'read', text };
  const fault = findJsonFault(source);
  const place = placeInText(source, fault?.at ?? source.length);
  if (fault === null || fault.repeatedKey === null)
    return malformed(`The body is not valid JSON (${place}).`);
  return malformed(
    `The key ${shortened(fault.repeatedKey)} occurs twice in one object of the body (${place}).`,
  );
}

/** `null` where it is not JSON. */
function rewritten(source: string): string | null {
  try {
    return JSON.stringify(parseExactly(source));
  } catch {
    return null;
  }
}

function pastLimit(
  source: string,
  limits: JsonLimits,
  passed: { limit: keyof JsonLimits; at: number },
): RefusedText {
  const place = placeInText(source, passed.at);
  if (passed.limit === 'maxDepth') {
    return malformed(`The JSON in the body is nested more than ${limits.maxDepth} levels deep (${place}).`);
  }
  const detail = `The JSON in the body has more than ${limits.maxKeys} keys and list entries (${place}), the limit of this connector.`;
  return { outcome: 'refused', reason: 'too-large', detail };
}

/** Characters of a key that a refusal repeats. */
const shownKey = 100;

function shortened(key: string): string {
  return key.length <= shownKey ? key : `${key.slice(0, shownKey)}…"`;
}

function malformed(detail: string): RefusedText {
  return { outcome: 'refused', reason: 'malformed', detail };
}

/** How much a JSON text may hold, so that the work of reading it is bounded. */
export interface JsonLimits {
  /** Nested objects and lists. */
  readonly maxDepth: number;
  /** Keys of objects and entries of lists, all together. */
  readonly maxKeys: number;
}

interface JsonMeasure {
  /** Keys of all objects, repeated ones counted each time. */
  readonly keys: number;
  /** The first limit that is passed, and the offset where; `null` where none is. */
  readonly passed: { readonly limit: keyof JsonLimits; readonly at: number } | null;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openingBracket = 0x5b;
const closingBracket = 0x5d;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/** Measures a JSON text without reading it into values, up to the first limit that it passes. It need not be valid. */
function measureJson(text: string, limits: JsonLimits): JsonMeasure {
  let keys = 0;
  let entries = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at) - 1;
    else if (code === colon) keys++;
    else if (code === closingBrace || code === closingBracket) depth--;
    else if (code === comma || code === openingBrace || code === openingBracket) {
      // A list or an object has one entry more than commas; an empty one counts as one, too.
      if (++entries > limits.maxKeys) return { keys, passed: { limit: 'maxKeys', at } };
      if (code !== comma && ++depth > limits.maxDepth) return { keys, passed: { limit: 'maxDepth', at } };
    }
  }
  return { keys, passed: null };
}
