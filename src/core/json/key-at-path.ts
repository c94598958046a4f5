import { hash } from 'node:crypto';
import { type JsonValue, valueAtPath } from './json-value.ts';
import type { Payload } from './payload.ts';

/** Longest key that is kept as it is, in characters: stores limit what they index. */
const longestKey = 500;

/**
 * The key shared by runs with the same value at a dot path of their payload: text as it is, other values as the JSON
 * text that was sent, long keys as their SHA-256.
 *
 * @returns `null` if the path leads nowhere or to `null`: the run shares its key with no other
 */
export function keyOfPayload(payload: Payload, path: string): string | null {
  const found = payload.at(path);
  return found === undefined ? null : keyOfText(found);
}

/** The same for a value whose numbers may be `RawJson`. */
export function keyAtPath(value: JsonValue, path: string): string | null {
  const found = valueAtPath(value, path);
  return found === undefined ? null : keyOfText(JSON.stringify(found));
}

function keyOfText(json: string): string | null {
  if (json === 'null') return null;
  const key = textOrJson(json);
  return key.length <= longestKey ? key : `sha256:${hash('sha256', key, 'hex')}`;
}

/** The characters of a JSON string; any other JSON text unchanged. */
export function textOrJson(json: string): string {
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
