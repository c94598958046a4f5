import { decodeText, faultInBytes, type RefusedText } from './decode-text.ts';
import { parseExactly } from './exact-json.ts';
import { findJsonFault } from './json-fault.ts';
import { type JsonLimits, measureJson } from './measure-json.ts';
import { placeInText } from './place-in-text.ts';

export type JsonRead =
  /** The text as `Payload` holds it. */
  { readonly outcome: 'read'; readonly text: string } | RefusedText;

/**
 * Reads a body as one JSON value with each key once. Every refusal names line and column.
 *
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
    `The key ${shortened(fault.repeatedKey)} stands twice in one object of the body (${place}).`,
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
  const detail = `The JSON in the body has more than ${limits.maxKeys} keys and list entries (${place}); this connector takes no more.`;
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
