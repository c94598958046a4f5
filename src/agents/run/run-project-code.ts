import { AsyncLocalStorage } from 'node:async_hooks';
import { format } from 'node:util';
import { messageOf } from '../../core/errors.ts';
import { parseExactly } from '../../core/json/exact-json.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jsonValue,
  Payload,
} from '../../core/json/json-value.ts';
import type { LogLevel } from '../../core/runs/trace.ts';
import type { ToolContext, ToolLog } from '../agent-project.ts';
import { AgentError, RunStopped } from './agent-error.ts';
import { abortable } from './deadline.ts';
import type { Invocation, RunScope } from './run-scope.ts';
import type { TraceRecorder } from './trace-recorder.ts';

interface LogScope {
  readonly trace: TraceRecorder;
  readonly source: string;
}

/** The run whose code is executing: several runs share one process. */
const logScopes = new AsyncLocalStorage<LogScope>();

/** Methods of `console` that write, with the level of their log lines. */
const consoleMethods = [
  ['debug', 'debug'],
  ['trace', 'debug'],
  ['log', 'info'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
] as const satisfies readonly (readonly [string, LogLevel])[];

/** Runs the code of a tool or middleware, and records what it writes to `console` in the run's trace. */
function withCapturedConsole<T>(trace: TraceRecorder, source: string, work: () => T): T {
  captureConsole();
  return logScopes.run({ trace, source }, work);
}

/** The `context.log` of a run's tools and middleware; `source` is for code outside of these. */
export function toolLog(trace: TraceRecorder, source: string): ToolLog {
  const write =
    (level: LogLevel) =>
    (...message: unknown[]) =>
      trace.log(level, logScopes.getStore()?.source ?? source, format(...message));
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Marks a console whose methods are replaced, so that this happens once. */
const captured = Symbol('captured');

/** Makes `console` write to the trace of the run whose code calls it; other callers notice no difference. */
function captureConsole(): void {
  const target = globalThis.console;
  if (Object.hasOwn(target, captured)) return;
  Object.defineProperty(target, captured, { value: true });
  for (const [method, level] of consoleMethods) {
    const original = target[method].bind(target);
    target[method] = (...message: unknown[]) => {
      const scope = logScopes.getStore();
      if (scope === undefined) original(...message);
      else scope.trace.log(level, scope.source, format(...message));
    };
  }
}

/** Maximum characters of a thrown error's message that the run's error repeats. */
const errorLength = 1_000;

/** A call of the project's own code: a tool, a middleware hook or a guardrail. */
interface ProjectCodeCall {
  /** Source of its log lines: `tool:orders.findOrder`. */
  readonly source: string;
  /** Its name in a sentence: `The tool "orders.findOrder"`. */
  readonly title: string;
  readonly errorCode: 'tool-error' | 'middleware-error' | 'guardrail-error';
  readonly run: () => unknown;
}

/**
 * Runs code of the project. Its `console` output and the stack of an error go to the run's log.
 *
 * @returns what the code returns or resolves with
 * @throws AgentError with the code's message; RunStopped if the code ends the run; RunCancelled, AgentError `timeout` at the next await once the run has
 *   ended
 */
export async function runProjectCode(invocation: Invocation, call: ProjectCodeCall): Promise<unknown> {
  const returned = await callProjectCode(invocation, call);
  if (returned instanceof Error) await endIfStopped(invocation.run, call, returned);
  return returned;
}

async function callProjectCode({ run, signal }: Invocation, call: ProjectCodeCall): Promise<unknown> {
  try {
    return await abortable(
      withCapturedConsole(run.trace, call.source, async () => call.run()),
      signal,
    );
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    await endIfStopped(run, call, thrown);
    if (thrown instanceof Error && thrown.stack !== undefined)
      run.trace.log('error', call.source, thrown.stack);
    const message = run.trace.redactor.text(messageOf(thrown), errorLength);
    const options = { cause: thrown, retryable: call.errorCode === 'tool-error' };
    throw new AgentError(call.errorCode, `${call.title} failed: ${message}`, options);
  }
}

/**
 * Ends the run if what code of the project has thrown or returned says so.
 *
 * @throws RunStopped
 */
async function endIfStopped(
  { trace }: RunScope,
  { source, title }: ProjectCodeCall,
  value: unknown,
): Promise<void> {
  // Loaded only now: most runs have no such value.
  const { StopProcessing } = await import('../agent-code.ts');
  if (!(value instanceof StopProcessing)) return;
  const publishes = value.publish_outbound;
  const told = publishes ? '' : ' Its result is not delivered.';
  trace.log('info', source, `StopProcessing ended the run.${told}`);
  throw new RunStopped(textOf(value.response, title), publishes);
}

/** Whether the agent has middleware that may change its input. */
export function hasBefore(invocation: Invocation): boolean {
  return middlewareOf(invocation)?.before !== undefined;
}

/**
 * Lets the agent's `before` middleware read and replace the agent's input.
 *
 * @returns what the middleware returned, or `content` if there is none or it returned `undefined`
 * @throws AgentError `middleware-error`; RunCancelled, AgentError `timeout`
 */
export async function applyBefore(invocation: Invocation, content: unknown): Promise<unknown> {
  const before = middlewareOf(invocation)?.before;
  if (before === undefined) return content;
  // An agent's middleware accepts the content of its agent's type.
  const replaced = await runHook(invocation, 'before', () => before(content as never, invocation.context));
  return replaced === undefined ? content : replaced;
}

/**
 * Lets the agent's `after` middleware read and replace the answer, with `token_usage` and `duration_ms` in its context.
 *
 * @throws AgentError `middleware-error`; RunCancelled, AgentError `timeout`
 */
export async function applyAfter(invocation: Invocation, answer: string): Promise<string> {
  const after = middlewareOf(invocation)?.after;
  if (after === undefined) return answer;
  const { run, context } = invocation;
  const usage = run.usage.total();
  context.token_usage = {
    input_tokens: usage?.input ?? 0,
    output_tokens: usage?.output ?? 0,
    total_tokens: usage?.total ?? 0,
  };
  context.duration_ms = run.environment.now() - run.startedAt;
  const replaced = await runHook(invocation, 'after', () => after(answer as never, context));
  return replaced === undefined ? answer : textOf(replaced, `The middleware of "${invocation.agent.name}"`);
}

function middlewareOf({ run, agent }: Invocation) {
  const { middleware } = run.code;
  return Object.hasOwn(middleware, agent.name) ? middleware[agent.name] : undefined;
}

function runHook(invocation: Invocation, hook: 'before' | 'after', work: () => unknown): Promise<unknown> {
  const { name } = invocation.agent;
  const start = { kind: 'middleware', name: `${hook} ${name}`, parent: invocation.span } as const;
  return invocation.run.trace.span(start, () =>
    runProjectCode(invocation, {
      source: `middleware:${name}`,
      title: `The middleware "${hook}" of "${name}"`,
      errorCode: 'middleware-error',
      run: work,
    }),
  );
}

/**
 * The return value of a tool or middleware as a run's output: text unchanged, `undefined` as empty text, everything
 * else as JSON text.
 *
 * @param author names the tool or middleware, for the error
 * @throws AgentError `output-invalid` for values that JSON cannot represent
 */
export function textOf(value: unknown, author: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  try {
    const text = JSON.stringify(value);
    if (typeof text === 'string') return text;
  } catch {
    // Circular, or a bigint: fails with the same sentence as a function or a symbol.
  }
  throw new AgentError('output-invalid', `${author} returned a value that JSON cannot represent.`);
}

/** The payload for the next step of a sequence: a JSON object or array unchanged, any other text as `message`. */
export function payloadOfText(text: string): Payload {
  try {
    const parsed = parseExactly(text);
    if (isJsonObject(parsed) || Array.isArray(parsed)) return Payload.of(parsed);
  } catch {
    // Not JSON: plain text.
  }
  return Payload.of({ message: text });
}

/** Fields that the product sets; they are not kept as the run's context. */
const givenFields = new Set([
  'run_id',
  'agent_name',
  'connector_id',
  'timestamp',
  'payload',
  'log',
  'signal',
  'send_connector',
  'token_usage',
  'duration_ms',
]);

/**
 * The context of one agent of a run.
 *
 * @param values set by the trigger and by earlier middleware and tools
 * @param given the fields that the product sets; writing to one of them throws
 */
export function createToolContext(
  values: Readonly<Record<string, unknown>>,
  given: Pick<
    ToolContext,
    'run_id' | 'agent_name' | 'connector_id' | 'timestamp' | 'payload' | 'log' | 'signal' | 'send_connector'
  >,
): ToolContext {
  const context: ToolContext = { ...values, ...given };
  for (const name of Object.keys(given)) Object.defineProperty(context, name, { writable: false });
  return context;
}

/** The values of a context that the product has not set. */
export function addedValues(context: ToolContext): Record<string, unknown> {
  return Object.fromEntries(Object.entries(context).filter(([name]) => !givenFields.has(name)));
}

/** The context values that are kept with the run: those that JSON can represent. Warnings name all others. */
export function keptValues(
  values: Readonly<Record<string, unknown>>,
  warnings: RunScope['warnings'],
): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(values)) {
    const copy = asJson(value);
    if (copy.outcome === 'json') kept[name] = copy.value;
    else if (value !== undefined)
      warnings.add(`"${name}" of the context is not kept with the run: JSON cannot represent it.`);
  }
  return kept;
}

/** The context as conditions and the system prompt see it: JSON values, including the run's own fields. */
export function visibleValues(context: ToolContext): JsonObject {
  const { log: _log, signal: _signal, send_connector: _send, ...values } = context;
  return keptValues(values, new Set());
}

/** What conditions read: `input.x` from the payload, `context.x` from the context. */
export function factsOf({ payload, context }: Pick<Invocation, 'payload' | 'context'>): {
  input: JsonValue;
  context: JsonObject;
} {
  return { input: payload.value, context: visibleValues(context) };
}

type AsJson =
  | { readonly outcome: 'json'; readonly value: JsonObject[string] }
  | { readonly outcome: 'not-json' };

function asJson(value: unknown): AsJson {
  try {
    const parsed = jsonValue.safeParse(JSON.parse(JSON.stringify(value)));
    return parsed.success ? { outcome: 'json', value: parsed.data } : { outcome: 'not-json' };
  } catch {
    return { outcome: 'not-json' };
  }
}
