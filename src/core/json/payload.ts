import { parseExactly } from './exact-json.ts';
import type { JsonValue } from './json-value.ts';
import { textAtPath } from './text-at-path.ts';

/**
 * What an event brought, as JSON text. The text has the sender's digits: a number that JavaScript cannot hold is altered
 * only in `value`, for code that asks for it as a number.
 */
export class Payload {
  /** As `JSON.stringify` writes it: no spaces, no key twice. */
  readonly text: string;
  #value: JsonValue | undefined;

  /** @param text that `JSON.stringify` has written */
  constructor(text: string) {
    this.text = text;
  }

  /** @param value its numbers may be `RawJson` */
  static of(value: JsonValue): Payload {
    return new Payload(JSON.stringify(value));
  }

  /** As code works with it: every number as close as JavaScript can hold it. Read at the first use. */
  get value(): JsonValue {
    this.#value ??= JSON.parse(this.text);
    return this.#value as JsonValue;
  }

  /** To be written as JSON again: numbers that `value` would alter are `RawJson`. Read again at every use. */
  get exact(): JsonValue {
    return parseExactly(this.text);
  }

  /** For `JSON.stringify`: the text, as a part of another one. */
  toJSON(): JsonValue {
    return this.exact;
  }

  /** The JSON text at a dot path, or `undefined` where the path leads nowhere. */
  at(path: string): string | undefined {
    return textAtPath(this.text, path);
  }
}
