import { endOfString } from './exact-json.ts';

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

const quote = 0x22;
const comma = 0x2c;
const openingBracket = 0x5b;
const closingBracket = 0x5d;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

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
