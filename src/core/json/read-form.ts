import { type Fields, hasTooManyFields, parseFields, payloadOfFields, tooManyFields } from './form-fields.ts';
import { type JsonLimits, type JsonRead, type RefusedText, readJson } from './read-json.ts';

/** How a form is read. */
export interface FormReading {
  /** The field that holds the whole payload as JSON, where it stands alone; `null` where the sender knows none. */
  readonly jsonField: string | null;
  /** Of that JSON. */
  readonly limits: JsonLimits;
}

/**
 * Reads a body of the type `application/x-www-form-urlencoded`: each field a key, a repeated one a list.
 *
 * @param bytes are given away: they may be in another thread afterwards
 * @param charset a label of the WHATWG Encoding Standard
 */
export type ReadForm = (
  bytes: Uint8Array,
  charset: string,
  reading: FormReading,
) => JsonRead | Promise<JsonRead>;

/** `ReadForm` in the thread that calls it. */
export function readForm(bytes: Uint8Array, charset: string, { jsonField, limits }: FormReading): JsonRead {
  const parsed = parseForm(bytes, charset);
  if (parsed.outcome === 'refused') return parsed;
  const [json, ...more] = parsed.fields.get(jsonField ?? '') ?? [];
  if (jsonField !== null && json !== undefined && more.length === 0 && parsed.fields.size === 1)
    return readJson(Buffer.from(json), 'utf-8', limits);
  return { outcome: 'read', text: JSON.stringify(payloadOfFields(parsed.fields)) };
}

function parseForm(
  bytes: Uint8Array,
  charset: string,
): { readonly outcome: 'parsed'; readonly fields: Fields } | RefusedText {
  if (hasTooManyFields(bytes)) return tooManyFields('The form');
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return parseFields(raw, charset, 'The form');
}
