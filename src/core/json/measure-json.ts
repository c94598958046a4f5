import { endOfString } from './exact-json.ts';

/** How much a JSON text may hold, so that the work of reading it is bounded. */
export interface JsonLimits {
  /** Nested objects and lists. */
  readonly maxDepth: number;
  /** Keys of objects and entries of lists, all together. */
  readonly maxKeys: number;
}

export interface JsonMeasure {
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
export function measureJson(text: string, limits: JsonLimits): JsonMeasure {
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
