import { messageOf } from '../../core/errors.ts';
import { AgentError } from './agent-error.ts';
import { withCapturedConsole } from './capture-console.ts';
import { abortable } from './deadline.ts';
import type { Invocation } from './run-scope.ts';

/** Characters of a thrown error's message that the run's error repeats. */
const errorLength = 1_000;

/** A piece of the project's own code: a tool or a hook of a middleware. */
export interface ProjectCodeCall {
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
