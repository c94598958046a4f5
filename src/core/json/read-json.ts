import {
  closingBrace,
  closingBracket,
  comma,
  endOfString,
  openingBrace,
  openingBracket,
  parseExactly,
  quote,
} from './exact-json.ts';
import { findJsonFault } from './json-fault.ts';

export interface Decoded {
  readonly outcome: 'decoded';
  readonly text: string;
}

/** Why bytes cannot be read; also a valid `Refused` of a connector type. */
export interface RefusedText {
  readonly outcome: 'refused';
  readonly reason: 'malformed' | 'unsupported-media-type' | 'too-large';
  /** One sentence for the sender. */
  readonly detail: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Decodes bytes; drops a byte order mark.
 *
 * @param charset a label of the WHATWG Encoding Standard
 * @param subject what the bytes are, for the sentence of a refusal: "The body"
 * @returns `refused` if the charset is unknown or the bytes are not valid in it
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

/** The position of the first bytes that `decodeText` cannot decode. */
export function faultInBytes(bytes: Uint8Array, charset: string): string {
  const start = decodable(bytes, charset, 0, chunkBytes).bytes;
  const { text } = decodable(bytes, charset, start, 1);
  return placeInText(text, text.length);
}

/** Decodes as much as it can, from `start` on in pieces of `step` bytes. */
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
 * Reads a body as one JSON value without repeated keys. Every refusal names line and column.
 *
 * @param bytes given away: another thread may own them afterwards
 * @param charset a label of the WHATWG Encoding Standard
 */
export type ReadJson = (
  bytes: Uint8Array,
  charset: string,
  limits: JsonLimits,
) => JsonRead | Promise<JsonRead>;

/** `ReadJson` in the calling thread. */
export function readJson(bytes: Uint8Array, charset: string, limits: JsonLimits): JsonRead {
  if (bytes.length === 0)
    return malformed('The body is empty, but its content type is JSON (line 1 column 1).');
  const decoded = decodeText(bytes, charset, 'The body');
  if (decoded.outcome === 'decoded') return readJsonText(decoded.text, limits);
  if (decoded.reason !== 'malformed') return decoded;
  return malformed(`${decoded.detail.slice(0, -1)} (${faultInBytes(bytes, charset)}).`);
}

/** The same for decoded text. */
export function readJsonText(source: string, limits: JsonLimits): JsonRead {
  const measured = measureJson(source, limits);
  if (measured.passed !== null) return pastLimit(source, limits, measured.passed);
  const text = rewritten(source);
  // Parsing keeps only the last of repeated keys. A text that comes out as it went in has none.
  if (text !== null && (text === source || measureJson(text, limits).keys === measured.keys))
    return { outcome: 'read', text };
  const fault = findJsonFault(source);
  const place = placeInText(source, fault?.at ?? source.length);
  if (fault === null || fault.repeatedKey === null)
    return malformed(`The body is not valid JSON (${place}).`);
  return malformed(
    `The key ${shortened(fault.repeatedKey)} occurs twice in one object of the body (${place}).`,
  );
}

/** `null` if it is not JSON. */
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

/** How many characters of a key a refusal repeats. */
const shownKey = 100;

function shortened(key: string): string {
  return key.length <= shownKey ? key : `${key.slice(0, shownKey)}…"`;
}

function malformed(detail: string): RefusedText {
  return { outcome: 'refused', reason: 'malformed', detail };
}

/** Limits of a JSON text, which bound the work of reading it. */
export interface JsonLimits {
  /** Nesting depth of objects and lists. */
  readonly maxDepth: number;
  /** Total number of object keys and list entries. */
  readonly maxKeys: number;
}

interface JsonMeasure {
  /** Keys of all objects; repeated ones count each time. */
  readonly keys: number;
  /** The first limit exceeded, and the offset; `null` if none is. */
  readonly passed: { readonly limit: keyof JsonLimits; readonly at: number } | null;
}

const colon = 0x3a;

/** Measures a JSON text without parsing it, up to the first limit that it exceeds. The text may be invalid. */
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
      // A list or an object has one entry more than commas; an empty one also counts as one.
      if (++entries > limits.maxKeys) return { keys, passed: { limit: 'maxKeys', at } };
      if (code !== comma && ++depth > limits.maxDepth) return { keys, passed: { limit: 'maxDepth', at } };
    }
  }
  return { keys, passed: null };
}

/** A position in a text, as editors count: `line 2 column 14`. */
function placeInText(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lines = before.split(/\r\n|\r|\n/);
  const column = Array.from(lines.at(-1) ?? '').length + 1;
  return `line ${lines.length} column ${column}`;
}
