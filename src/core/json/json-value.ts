import * as z from 'zod';
import {
  closingBrace,
  closingBracket,
  comma,
  endOfString,
  type JsonObject,
  type JsonValue,
  openingBrace,
  openingBracket,
  parseExactly,
  quote,
} from './exact-json.ts';

export type { JsonObject, JsonValue };

export const jsonValue: z.ZodType<JsonValue> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), jsonValue);

/** True for a JSON object; false for an array or a scalar, such as a `RawJson` number. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value);
}

/**
 * The value at a dot path (`order.customer.id`, `items.0.sku`), or `undefined` if the path leads nowhere. Follows only
 * what JSON has: never a prototype or an array's length.
 */
export function valueAtPath(value: JsonValue, path: string): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const part of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined;
    if (Array.isArray(current) && part === 'length') return undefined;
    current = (current as JsonObject)[part];
  }
  return current;
}

/** A number with its original digits, which `JSON.stringify` writes (TC39, JSON.parse source text access). */
interface RawJson {
  readonly rawJSON: string;
}

declare global {
  interface JSON {
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
  }
}

/** Whether a JSON value is a number that keeps its original digits. */
function isRawJson(value: unknown): value is RawJson {
  return typeof value === 'object' && value !== null && JSON.isRawJSON?.(value) === true;
}

/**
 * The content of an event as JSON text, with the sender's digits. Only `value` alters numbers that JavaScript cannot
 * represent, for code that needs numbers.
 */
export class Payload {
  /** As `JSON.stringify` writes it: no spaces, no repeated keys. */
  readonly text: string;
  #value: JsonValue | undefined;

  /** @param text as `JSON.stringify` writes it */
  constructor(text: string) {
    this.text = text;
  }

  /** @param value its numbers may be `RawJson` */
  static of(value: JsonValue): Payload {
    return new Payload(JSON.stringify(value));
  }

  /** The parsed value, with every number as close as JavaScript can represent it. Parsed at the first use. */
  get value(): JsonValue {
    this.#value ??= JSON.parse(this.text);
    return this.#value as JsonValue;
  }

  /** The value for writing JSON again: numbers that `value` would alter are `RawJson`. Parsed at every use. */
  get exact(): JsonValue {
    return parseExactly(this.text);
  }

  /** For `JSON.stringify`: the payload as part of another JSON text. */
  toJSON(): JsonValue {
    return this.exact;
  }

  /** The JSON text at a dot path, or `undefined` if the path leads nowhere. */
  at(path: string): string | undefined {
    return textAtPath(this.text, path);
  }
}

/**
 * The JSON text at a dot path of a JSON text, without parsing the rest; `undefined` if the path leads nowhere. Follows
 * the same paths as `valueAtPath`.
 *
 * @param text as `JSON.stringify` writes it: no spaces, one spelling of every key
 */
export function textAtPath(text: string, path: string): string | undefined {
  let start: number | null = 0;
  for (const part of path.split('.')) {
    start = childAt(text, start, part);
    if (start === null) return undefined;
  }
  return text.slice(start, endOfValue(text, start));
}

function childAt(text: string, start: number, part: string): number | null {
  if (text[start] === '{') return memberAt(text, start, JSON.stringify(part));
  if (text[start] === '[' && /^(?:0|[1-9]\d*)$/.test(part)) return elementAt(text, start, Number(part));
  return null;
}

function memberAt(text: string, start: number, quotedKey: string): number | null {
  for (let at = start + 1; text[at] === '"'; at++) {
    const keyEnd = endOfString(text, at);
    const valueAt = keyEnd + 1;
    if (keyEnd - at === quotedKey.length && text.startsWith(quotedKey, at)) return valueAt;
    at = endOfValue(text, valueAt);
  }
  return null;
}

function elementAt(text: string, start: number, index: number): number | null {
  let at = start + 1;
  if (text[at] === ']') return null;
  for (let left = index; left > 0; left--) {
    at = endOfValue(text, at) + 1;
    if (text[at - 1] !== ',') return null;
  }
  return at;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at) - 1;
    else if (code === openingBrace || code === openingBracket) depth++;
    else if (code === closingBrace || code === closingBracket) depth--;
    // The closing bracket of the enclosing value or the comma before the next one ends this value.
    if (depth < 0 || (depth === 0 && code === comma)) return at;
  }
  return text.length;
}

/** Whether a JSON text has a matching end and no traces of a torn write, checked without parsing it. */
export function looksWhole(text: string): boolean {
  const ends: Readonly<Record<string, string>> = { '{': '}', '[': ']', '"': '"' };
  const end = ends[text[0] ?? ''] ?? '';
  return text.length > end.length && text.endsWith(end) && !text.includes('\0');
}
