import type { JsonObject } from './json-value.ts';
import { type Decoded, decodeText, type RefusedText } from './read-json.ts';

/** Every value of every field, in order of arrival. */
export type Fields = Map<string, string[]>;

/** More than any form has that a person or a program fills in; limits the work of one request. */
export const maxFields = 1_000;

/**
 * Reads `application/x-www-form-urlencoded` text (WHATWG URL, section 5.1). Refuses bytes that the standard would turn
 * into replacement characters.
 *
 * @param raw as it was sent, one character per byte
 * @param charset of the percent-encoded bytes
 * @param subject for the sentence of a refusal: "The query"
 */
export function parseFields(
  raw: string,
  charset: string,
  subject: string,
): { readonly outcome: 'parsed'; readonly fields: Fields } | RefusedText {
  const fields: Fields = new Map();
  const pairs = raw.split('&', maxFields + 1);
  if (pairs.length > maxFields) return tooManyFields(subject);
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeField(equals < 0 ? pair : pair.slice(0, equals), charset, subject);
    if (name.outcome === 'refused') return name;
    const value = decodeField(equals < 0 ? '' : pair.slice(equals + 1), charset, subject);
    if (value.outcome === 'refused') return value;
    addField(fields, name.text, value.text);
  }
  return { outcome: 'parsed', fields };
}

function decodeField(raw: string, charset: string, subject: string): Decoded | RefusedText {
  return decodeText(percentDecoded(raw), charset, subject);
}

const ampersand = 0x26;
const percent = 0x25;
const plus = 0x2b;
const blank = 0x20;

/** Works on bytes in one pass: a field may have millions of escapes. */
function percentDecoded(raw: string): Uint8Array {
  const bytes = Buffer.from(raw, 'latin1');
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === percent ? hexDigit(bytes[at + 1]) * 16 + hexDigit(bytes[at + 2]) : Number.NaN;
    if (!Number.isNaN(escaped)) at += 2;
    bytes[length++] = Number.isNaN(escaped) ? (byte === plus ? blank : byte) : escaped;
  }
  return bytes.subarray(0, length);
}

/** `NaN` if it is not a hexadecimal digit. */
function hexDigit(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.NaN;
}

/** Adds one value to a field. */
export function addField(fields: Fields, name: string, value: string): void {
  const values = fields.get(name);
  if (values === undefined) fields.set(name, [value]);
  else values.push(value);
}

/** Each field becomes a key, a repeated one an array. Every name is data: `__proto__` is a key like any other. */
export function payloadOfFields(fields: Fields): JsonObject {
  return Object.fromEntries(
    Array.from(fields, ([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

/** Counts separators in the bytes, so that a form with millions of fields is refused before any of them is created. */
export function hasTooManyFields(form: Uint8Array): boolean {
  let at = -1;
  for (let fields = 1; fields <= maxFields; fields++) {
    at = form.indexOf(ampersand, at + 1);
    if (at === -1) return false;
  }
  return true;
}

/** The refusal of a form with more than `maxFields` fields. */
export function tooManyFields(subject: string): RefusedText {
  return { outcome: 'refused', reason: 'too-large', detail: `${subject} has more than ${maxFields} fields.` };
}
