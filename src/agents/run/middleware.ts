import { textOf } from './output-text.ts';
import { runProjectCode } from './run-project-code.ts';
import type { Invocation } from './run-scope.ts';

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
