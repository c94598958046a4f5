import { parseExactly } from './exact-json.ts';
import type { JsonValue } from './json-value.ts';
import { textAtPath } from './text-at-path.ts';

/**
 * The content of an event as JSON text, with the sender's digits. Only `value` alters numbers that JavaScript cannot
 * represent, for code that needs numbers.
 */
export class Payload {
  /** As `JSON.stringify` writes it: no spaces, no repeated keys. */
  readonly text: string;
  #value: JsonValue | undefined;

  /** @param text as `JSON.stringify` writes it */
  constructor(text: string) {
    this.text = text;
  }

  /** @param value its numbers may be `RawJson` */
  static of(value: JsonValue): Payload {
    return new Payload(JSON.stringify(value));
  }

  /** The parsed value, with every number as close as JavaScript can represent it. Parsed at the first use. */
  get value(): JsonValue {
    this.#value ??= JSON.parse(this.text);
    return this.#value as JsonValue;
  }

  /** The value for writing JSON again: numbers that `value` would alter are `RawJson`. Parsed at every use. */
  get exact(): JsonValue {
    return parseExactly(this.text);
  }

  /** For `JSON.stringify`: the payload as part of another JSON text. */
  toJSON(): JsonValue {
    return this.exact;
  }

  /** The JSON text at a dot path, or `undefined` if the path leads nowhere. */
  at(path: string): string | undefined {
    return textAtPath(this.text, path);
  }
}
