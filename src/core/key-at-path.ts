import { hash } from 'node:crypto';
import { type JsonValue, valueAtPath } from './json-value.ts';

/** Characters of a key that is kept as it is: stores have limits for what they index. */
const longestKey = 500;

/**
 * The key that runs share where they have the same value at a dot path: texts as they are, other values as JSON text;
 * of a long one its SHA-256.
 *
 * @returns `null` where the path leads nowhere or to `null`: the run shares a key with nobody
 */
export function keyAtPath(value: JsonValue, path: string): string | null {
  const found = valueAtPath(value, path);
  if (found === undefined || found === null) return null;
  const key = typeof found === 'string' ? found : JSON.stringify(found);
  return key.length <= longestKey ? key : `sha256:${hash('sha256', key, 'hex')}`;
}
