import { AsyncLocalStorage } from 'node:async_hooks';
import { format } from 'node:util';
import { messageOf } from '../../core/errors.ts';
import type { LogLevel } from '../../core/runs/trace.ts';
import type { ToolLog } from '../agent-project.ts';
import { AgentError } from './agent-error.ts';
import { abortable } from './deadline.ts';
import type { Invocation } from './run-scope.ts';
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

/** A call of the project's own code: a tool or a middleware hook. */
interface ProjectCodeCall {
  /** Source of its log lines: `tool:orders.findOrder`. */
  readonly source: string;
  /** Its name in a sentence: `The tool "orders.findOrder"`. */
  readonly title: string;
  readonly errorCode: 'tool-error' | 'middleware-error';
  readonly run: () => unknown;
}

/**
 * Runs code of the project. Its `console` output and the stack of an error go to the run's log.
 *
 * @returns what the code returns or resolves with
 * @throws AgentError with the code's message; RunCancelled, AgentError `timeout` at the next await once the run has
 *   ended
 */
export async function runProjectCode({ run, signal }: Invocation, call: ProjectCodeCall): Promise<unknown> {
  try {
    return await abortable(
      withCapturedConsole(run.trace, call.source, async () => call.run()),
      signal,
    );
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    if (thrown instanceof Error && thrown.stack !== undefined)
      run.trace.log('error', call.source, thrown.stack);
    const message = run.trace.redactor.text(messageOf(thrown), errorLength);
    const options = { cause: thrown, retryable: call.errorCode === 'tool-error' };
    throw new AgentError(call.errorCode, `${call.title} failed: ${message}`, options);
  }
}
