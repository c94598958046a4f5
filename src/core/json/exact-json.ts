/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export type JsonObject = { [key: string]: JsonValue };

/**
 * Reads JSON text without altering a number. A number that JavaScript would write differently (`9223372036854775807`,
 * `1e400`, `1.10`) becomes a `RawJson`; everything else is read as `JSON.parse` reads it.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseExactly(text: string): JsonValue {
  return JSON.parse(text, hasAlteredNumber(text) ? keepDigits : undefined);
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  // Browsers from before 2025 give no source text: they show the number that they can represent.
  if (typeof value !== 'number' || source === undefined) return value;
  return JSON.stringify(value) === source ? value : JSON.rawJSON(source);
}

// Codes of the characters that give JSON its structure.
export const quote = 0x22;
export const comma = 0x2c;
export const openingBracket = 0x5b;
export const closingBracket = 0x5d;
export const openingBrace = 0x7b;
export const closingBrace = 0x7d;

const backslash = 0x5c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;

/** Whether JSON text has a number that `JSON.stringify(JSON.parse(text))` would write differently. */
export function hasAlteredNumber(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at) - 1;
    } else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(text, at);
      if (isAltered(text, at, end)) return true;
      at = end - 1;
    }
  }
  return false;
}

/**
 * @param start offset of the opening quote
 * @returns offset of the first character after the string; beyond the text if the string has no end
 */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === backslash) backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length + 1;
}

const partOfNumber = new Set(Array.from('0123456789+-.eE', (character) => character.charCodeAt(0)));

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (partOfNumber.has(text.charCodeAt(end))) end++;
  return end;
}

/** JavaScript represents whole numbers of this length exactly, and writes them in one way. */
const surelyExactLength = 15;

function isAltered(text: string, start: number, end: number): boolean {
  if (end - start <= surelyExactLength && isPlainWhole(text, start, end)) return false;
  const source = text.slice(start, end);
  return JSON.stringify(Number(source)) !== source;
}

function isPlainWhole(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code < zero || code > nine) return false;
  }
  return true;
}
