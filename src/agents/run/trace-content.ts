import type { JsonValue } from '../../core/json/json-value.ts';
import type { Redactor } from './redact.ts';

/** Maximum characters of messages, arguments and results in a run's trace: a loop must not fill the store. */
const mostOfRun = 400_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Messages, arguments and results for a run's trace, redacted and limited. `TRACE_CONTENT=off` keeps none. */
export class TraceContent {
  readonly #redactor: Redactor;
  #left: number;

  constructor(redactor: Redactor, env: Environment) {
    this.#redactor = redactor;
    this.#left = env['TRACE_CONTENT'] === 'off' ? 0 : mostOfRun;
  }

  /** Whether anything is kept: if not, content need not be prepared. */
  get isKept(): boolean {
    return this.#left > 0;
  }

  /** At most `maxLength` characters of a text; `null` if nothing is kept. */
  text(text: string, maxLength: number): string | null {
    if (!this.isKept) return null;
    return this.#counted(this.#redactor.text(text, Math.min(maxLength, this.#left)));
  }

  /** The same for a value, as JSON text. */
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
