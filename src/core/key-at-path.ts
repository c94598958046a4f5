import { type JsonValue, valueAtPath } from './json-value.ts';

/**
 * The key that runs share where they have the same value at a dot path: texts as they are, other values as JSON text.
 *
 * @returns `null` where the path leads nowhere or to `null`: the run shares a key with nobody
 */
export function keyAtPath(value: JsonValue, path: string): string | null {
  const found = valueAtPath(value, path);
  if (found === undefined || found === null) return null;
  return typeof found === 'string' ? found : JSON.stringify(found);
}
