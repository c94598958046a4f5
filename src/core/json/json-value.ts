import * as z from 'zod';

/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

export type JsonObject = { [key: string]: JsonValue };

export const jsonValue: z.ZodType<JsonValue> = z.json();
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), jsonValue);

/** True for a JSON object, as opposed to an array or a scalar (a number of which only the digits are kept is one). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawJson(value);
}

/**
 * The value at a dot path (`order.customer.id`, `items.0.sku`), or `undefined` where the path leads nowhere.
 * Only what JSON has is followed: never a prototype, never an array's length.
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

/** A number that keeps the digits it was written with; `JSON.stringify` writes them again (TC39, JSON.parse source text access). */
interface RawJson {
  readonly rawJSON: string;
}

declare global {
  interface JSON {
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
  }
}

/** Whether a value of JSON is a number of which only the digits are kept. */
function isRawJson(value: unknown): value is RawJson {
  return typeof value === 'object' && value !== null && JSON.isRawJSON?.(value) === true;
}
