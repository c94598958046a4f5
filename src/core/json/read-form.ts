import { type Fields, hasTooManyFields, parseFields, payloadOfFields, tooManyFields } from './form-fields.ts';
import { type JsonLimits, type JsonRead, type RefusedText, readJson } from './read-json.ts';

export interface FormReading {
  /**
   * The field that holds the whole payload as JSON, if it is the only field; `null` if the sender has no such field.
   */
  readonly jsonField: string | null;
  /** Limits of that JSON. */
  readonly limits: JsonLimits;
}

/**
 * Reads an `application/x-www-form-urlencoded` body: each field becomes a key, a repeated one a list.
 *
 * @param bytes given away: another thread may own them afterwards
 * @param charset a label of the WHATWG Encoding Standard
 */
export type ReadForm = (
  bytes: Uint8Array,
  charset: string,
  reading: FormReading,
) => JsonRead | Promise<JsonRead>;

/** `ReadForm` in the calling thread. */
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
