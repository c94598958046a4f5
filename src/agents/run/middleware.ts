import { messageOf } from '../../core/errors.ts';
import { AgentError } from './agent-error.ts';
import { withCapturedConsole } from './capture-console.ts';
import { abortable } from './deadline.ts';
import { textOf } from './output-text.ts';
import type { Invocation } from './run-scope.ts';

/**
 * Lets the agent's `before` middleware see and replace what the agent is about to work on.
 *
 * @returns what the middleware returned, or `content` where it has none or returned `undefined`
 * @throws AgentError `middleware-error`; RunCancelled, AgentError `timeout`
 */
export async function applyBefore(invocation: Invocation, content: unknown): Promise<unknown> {
  const before = middlewareOf(invocation)?.before;
  if (before === undefined) return content;
  // The middleware of an agent takes the content of its agent's type.
  const replaced = await runHook(invocation, 'before', () => before(content as never, invocation.context));
  return replaced === undefined ? content : replaced;
}

/**
 * Lets the agent's `after` middleware see and replace the answer; it finds `token_usage` and `duration_ms` in its
 * context.
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

async function runHook(
  invocation: Invocation,
  hook: 'before' | 'after',
  work: () => unknown,
): Promise<unknown> {
  const { run, agent, span, signal } = invocation;
  const source = `middleware:${agent.name}`;
  const start = { kind: 'middleware', name: `${hook} ${agent.name}`, parent: span } as const;
  return run.trace.span(start, async () => {
    try {
      return await abortable(
        withCapturedConsole(run.trace, source, async () => work()),
        signal,
      );
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      if (thrown instanceof Error && thrown.stack !== undefined) run.trace.log('error', source, thrown.stack);
      const message = run.trace.redactor.text(messageOf(thrown));
      throw new AgentError(
        'middleware-error',
        `The middleware "${hook}" of "${agent.name}" failed: ${message}`,
        {
          cause: thrown,
        },
      );
    }
  });
}
