import * as z from 'zod';

/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export type JsonObject = { [key: string]: JsonValue };

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
