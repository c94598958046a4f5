import type { JsonValue } from '../../core/json/json-value.ts';
import type { Redactor } from './redact.ts';

/** Characters of messages, arguments and results that the trace of one run keeps: a loop must not fill the store. */
const mostOfRun = 400_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What was said during a run, for its trace: redacted, and bounded in all. `TRACE_CONTENT=off` keeps nothing of it.
 */
export class TraceContent {
  readonly #redactor: Redactor;
  #left: number;

  constructor(redactor: Redactor, env: Environment) {
    this.#redactor = redactor;
    this.#left = env['TRACE_CONTENT'] === 'off' ? 0 : mostOfRun;
  }

  /** Whether anything is kept: where it is not, nothing has to be put together. */
  get isKept(): boolean {
    return this.#left > 0;
  }

  /** At most `maxLength` characters of a text; `null` where nothing is kept. */
  text(text: string, maxLength: number): string | null {
    if (!this.isKept) return null;
    return this.#counted(this.#redactor.text(text, Math.min(maxLength, this.#left)));
  }

  /** The same of a value, as JSON text. */
  json(value: unknown, maxLength: number): string | null {
    if (!this.isKept) return null;
    return this.#counted(this.#redactor.json(value, Math.min(maxLength, this.#left)));
  }

  #counted(text: string): string {
    this.#left -= text.length;
    return text;
  }
}

/** Attributes that have a value. */
export function given(attributes: Readonly<Record<string, JsonValue | null>>): Record<string, JsonValue> {
  const entries: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(attributes)) if (value !== null) entries.push([name, value]);
  return Object.fromEntries(entries);
}
