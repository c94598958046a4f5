import { endOfString } from './exact-json.ts';

/**
 * The JSON text at a dot path of a JSON text, without reading the rest into values; `undefined` where the path leads
 * nowhere. It follows what `valueAtPath` follows.
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
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    // What closes the value around it, or parts it from the next one, is no part of it.
    if (depth < 0 || (depth === 0 && character === ',')) return at;
  }
  return text.length;
}

/** Whether a JSON text has its end, and nothing that a torn write leaves behind; told without reading it into values. */
export function isWhole(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if (at === text.length) return false;
  }
  return depth === 0 && text !== '' && !text.includes('\0');
}
