import type { JsonObject } from '../json/json-value.ts';

export const spanKinds = [
  'run',
  'agent',
  'model',
  'tool',
  'hook',
  'middleware',
  'guardrail',
  'step',
  'retry',
] as const;
export type SpanKind = (typeof spanKinds)[number];

/**
 * One step of a run. Names and attributes follow the OpenTelemetry semantic conventions for generative AI
 * (`gen_ai.request.model`, `gen_ai.usage.input_tokens`, `gen_ai.tool.name`, ...).
 */
export interface Span {
  /** 16 hex characters, as in OpenTelemetry. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startedAt: number;
  /** `null` while the step is running. */
  readonly endedAt: number | null;
  readonly status: 'running' | 'ok' | 'error';
  /** One sentence if `status` is `error`. */
  readonly error: string | null;
  readonly attributes: JsonObject;
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogLine {
  readonly at: number;
  readonly level: LogLevel;
  /** Where it was written: `tool:orders.findOrder`, `middleware:question-answerer`, `hooks:order-desk`, `guardrail:tone`,
   * `agent`. */
  readonly source: string;
  readonly message: string;
}

export interface Trace {
  readonly spans: readonly Span[];
  /** At most `maxLogLines`. */
  readonly logs: readonly LogLine[];
}

export const maxLogLines = 500;

export const emptyTrace: Trace = { spans: [], logs: [] };
