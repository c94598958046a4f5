import { hash } from 'node:crypto';
import { type JsonValue, valueAtPath } from './json-value.ts';
import type { Payload } from './payload.ts';

/** Characters of a key that is kept as it is: stores have limits for what they index. */
const longestKey = 500;

/**
 * The key that runs share where they have the same value at a dot path of their payload: texts as they are, other values
 * as the JSON text that was sent; of a long one its SHA-256.
 *
 * @returns `null` where the path leads nowhere or to `null`: the run shares a key with nobody
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

/** What a JSON text says: of a string its characters, of everything else the text itself. */
export function textOrJson(json: string): string {
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
