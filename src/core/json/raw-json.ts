/** A number that keeps the digits it was written with; `JSON.stringify` writes them again (TC39, JSON.parse source text access). */
export interface RawJson {
  readonly rawJSON: string;
}

declare global {
  interface JSON {
    rawJSON(text: string): RawJson;
    isRawJSON(value: unknown): value is RawJson;
  }
}

/** Whether a value of JSON is a number of which only the digits are kept. */
export function isRawJson(value: unknown): value is RawJson {
  return typeof value === 'object' && value !== null && JSON.isRawJSON?.(value) === true;
}
