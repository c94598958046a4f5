import { randomBytes } from 'node:crypto';
import { messageOf } from '../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../core/json/json-value.ts';
import type { TokenUsage } from '../../core/runs/run.ts';
import {
  type LogLevel,
  type LogLine,
  maxLogLines,
  type Span,
  type SpanKind,
  type Trace,
} from '../../core/runs/trace.ts';
import { projectFramesOnly } from '../stack-trace.ts';
import { RunStopped } from './agent-error.ts';
import { type Redactor, redactorOf, redactorWith } from './redact.ts';

/** Maximum characters of one log line. */
const maxLogLength = 8_000;
/** Maximum characters of a span's error. */
const maxErrorLength = 2_000;
/** Maximum spans of one run: an agent that calls tools without end must not fill the store. */
const maxSpans = 2_000;
/** How often watchers get the trace of a running run. */
const traceIntervalMs = 1_000;

/** A step of the run that has not ended. */
export interface OpenSpan {
  readonly spanId: string;
  /** Adds attributes; they replace those of the same name. */
  set(attributes: JsonObject): void;
}

export interface SpanStart {
  readonly kind: SpanKind;
  readonly name: string;
  readonly parent: OpenSpan | null;
  readonly attributes?: JsonObject;
}

type Environment = Readonly<Record<string, string | undefined>>;

type MutableSpan = { -readonly [Field in keyof Span]: Span[Field] };

/** Collects the spans and log lines of one run, and shows them to watchers while it runs. */
export class TraceRecorder {
  /** Prepares messages, arguments and results for the trace. */
  readonly content: TraceContent;
  readonly #env: Environment;
  #redactor: Redactor;
  #secrets: readonly string[] = [];
  readonly #now: () => number;
  readonly #onTrace: ((trace: Trace) => void) | undefined;
  readonly #spans: MutableSpan[] = [];
  readonly #logs: LogLine[] = [];
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /**
   * @param env the environment of the run's code: its secrets are hidden, and `TRACE_CONTENT` decides what is kept
   * @param now Unix ms
   * @param onTrace receives the trace so far, at most once a second, until `close`
   */
  constructor(env: Environment, now: () => number, onTrace?: (trace: Trace) => void) {
    this.#env = env;
    this.#redactor = redactorOf(env);
    this.content = new TraceContent(() => this.#redactor, env);
    this.#now = now;
    this.#onTrace = onTrace;
  }

  get redactor(): Redactor {
    return this.#redactor;
  }

  /** Hides these values, too, from now on: credentials that the environment does not have as they are. */
  hide(secrets: readonly string[]): void {
    if (secrets.length === 0) return;
    this.#secrets = [...new Set([...this.#secrets, ...secrets])];
    this.#redactor = redactorWith(this.#env, this.#secrets);
  }

  /**
   * Runs `work` as one step of the run: the span ends as `ok` when it resolves, or as `error` with the message of what
   * it throws.
   *
   * @throws errors of `work`
   */
  async span<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T> {
    const span = this.#open(start);
    try {
      const value = await work({
        spanId: span.spanId,
        set: (attributes) => this.#setAttributes(span, attributes),
      });
      this.#end(span, null);
      return value;
    } catch (thrown) {
      this.#end(span, thrown instanceof RunStopped ? null : thrown);
      throw thrown;
    }
  }

  /** Adds a log line; the last one that a run keeps says that further lines were dropped. */
  log(level: LogLevel, source: string, message: string): void {
    if (this.#closed || this.#logs.length >= maxLogLines) return;
    const isLast = this.#logs.length === maxLogLines - 1;
    const shown = isLast
      ? { level: 'warn' as const, message: `Further lines were dropped: a run keeps ${maxLogLines}.` }
      : { level, message: this.redactor.text(projectFramesOnly(message), maxLogLength) };
    this.#logs.push({ at: this.#now(), source, ...shown });
    this.#changed();
  }

  /** The current trace. */
  snapshot(): Trace {
    return { spans: this.#spans.map((span) => ({ ...span })), logs: [...this.#logs] };
  }

  /** Ends the recording: open spans end with `error`, and later additions are ignored. */
  close(error: string | null): Trace {
    for (const span of this.#spans) {
      if (span.status === 'running') this.#end(span, error === null ? null : new Error(error));
    }
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    return this.snapshot();
  }

  #open({ kind, name, parent, attributes = {} }: SpanStart): MutableSpan {
    const span: MutableSpan = {
      spanId: randomBytes(8).toString('hex'),
      parentSpanId: parent?.spanId ?? null,
      name,
      kind,
      startedAt: this.#now(),
      endedAt: null,
      status: 'running',
      error: null,
      attributes: { ...attributes },
    };
    if (!this.#closed && this.#spans.length < maxSpans) this.#spans.push(span);
    this.#changed();
    return span;
  }

  #setAttributes(span: MutableSpan, attributes: JsonObject): void {
    if (this.#closed) return;
    span.attributes = { ...span.attributes, ...attributes };
    this.#changed();
  }

  #end(span: MutableSpan, thrown: unknown): void {
    if (this.#closed || span.endedAt !== null) return;
    span.endedAt = this.#now();
    span.status = thrown === null ? 'ok' : 'error';
    if (thrown !== null) {
      span.error = this.redactor.text(messageOf(thrown), maxErrorLength);
      span.attributes = { ...span.attributes, 'error.type': errorType(thrown) };
    }
    this.#changed();
  }

  #changed(): void {
    if (this.#onTrace === undefined || this.#timer !== null || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#onTrace?.(this.snapshot());
    }, traceIntervalMs);
  }
}

/** `error.type` of the OpenTelemetry conventions: the error's code, else its class. */
function errorType(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'Error';
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
}

/** Maximum characters of messages, arguments and results in a run's trace: a loop must not fill the store. */
const mostOfRun = 400_000;

/** Messages, arguments and results for a run's trace, redacted and limited. `TRACE_CONTENT=off` keeps none. */
export class TraceContent {
  readonly #redactor: () => Redactor;
  #left: number;

  constructor(redactor: () => Redactor, env: Environment) {
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
    return this.#counted(this.#redactor().text(text, Math.min(maxLength, this.#left)));
  }

  /** The same for a value, as JSON text. */
  json(value: unknown, maxLength: number): string | null {
    if (!this.isKept) return null;
    return this.#counted(this.#redactor().json(value, Math.min(maxLength, this.#left)));
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

/** Sums the tokens and the cost of a run's model calls. */
export class UsageMeter {
  #total: TokenUsage | null = null;
  #costUsd: number | null = null;
  #isCostKnown = true;
  #model: string | null = null;

  /** Records that a call to `model` (`provider/model`) begins: the last one is the run's model, even if it fails. */
  begin(model: string): void {
    this.#model = model;
  }

  /**
   * Adds the usage of one call.
   *
   * @param costUsd `null` if the model has no known price; then the cost of the whole run is unknown
   */
  add(usage: TokenUsage, costUsd: number | null): void {
    this.#total = this.#total === null ? usage : sumOf(this.#total, usage);
    if (costUsd === null) this.#isCostKnown = false;
    else this.#costUsd = (this.#costUsd ?? 0) + costUsd;
  }

  /** Tokens of all calls; `null` if no call has succeeded. */
  total(): TokenUsage | null {
    return this.#total;
  }

  /** US dollars of all calls; `null` if no call has succeeded, or the price of one is unknown. */
  costUsd(): number | null {
    return this.#isCostKnown ? this.#costUsd : null;
  }

  /** `provider/model` of the last call. */
  model(): string | null {
    return this.#model;
  }
}

function sumOf(one: TokenUsage, other: TokenUsage): TokenUsage {
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    total: one.total + other.total,
    cached: one.cached + other.cached,
    reasoning: one.reasoning + other.reasoning,
  };
}
