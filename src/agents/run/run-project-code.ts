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

/** Which run's code is executing: several runs share one process. */
const logScopes = new AsyncLocalStorage<LogScope>();

/** Methods of `console` that write, with the level at which their lines are kept. */
const consoleMethods = [
  ['debug', 'debug'],
  ['trace', 'debug'],
  ['log', 'info'],
  ['info', 'info'],
  ['warn', 'warn'],
  ['error', 'error'],
] as const satisfies readonly (readonly [string, LogLevel])[];

/** Runs a tool's or a middleware's code so that what it writes to `console` goes into the run's trace. */
function withCapturedConsole<T>(trace: TraceRecorder, source: string, work: () => T): T {
  captureConsole();
  return logScopes.run({ trace, source }, work);
}

/** The `context.log` of a run's tools and middleware; `source` is for code that runs outside of any. */
export function toolLog(trace: TraceRecorder, source: string): ToolLog {
  const write =
    (level: LogLevel) =>
    (...message: unknown[]) =>
      trace.log(level, logScopes.getStore()?.source ?? source, format(...message));
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Marks the methods that were replaced, so that it happens once per console. */
const captured = Symbol('captured');

/** From here on, `console` writes into the trace of the run whose code calls it; elsewhere it does what it did. */
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

/** Characters of a thrown error's message that the run's error repeats. */
const errorLength = 1_000;

/** A piece of the project's own code: a tool or a hook of a middleware. */
interface ProjectCodeCall {
  /** Where its log lines come from: `tool:orders.findOrder`. */
  readonly source: string;
  /** How it is called in a sentence: `The tool "orders.findOrder"`. */
  readonly title: string;
  readonly errorCode: 'tool-error' | 'middleware-error';
  readonly run: () => unknown;
}

/**
 * Runs code of the project: what it writes to `console` goes into the run's log, and so does the stack of what it
 * throws.
 *
 * @returns what the code returns or resolves with
 * @throws AgentError with the code's message; RunCancelled, AgentError `timeout` at the next await once the run is over
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
