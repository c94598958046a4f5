import { AbortTool } from '../agent-code.ts';
import type { ToolHooks } from '../agent-project.ts';
import { AgentError } from './agent-error.ts';
import { runProjectCode } from './run-project-code.ts';
import type { Invocation } from './run-scope.ts';
import type { OpenSpan } from './trace-recorder.ts';

/** A call of a tool, before its hooks. */
export interface HookedCall {
  /** `module.function`. */
  readonly name: string;
  readonly input: unknown;
  /** The model's id of the call; `null` if no model requested it. */
  readonly callId: string | null;
  /** What is wrong with arguments, in one sentence; `null` if nobody checks them: they are a tool agent's payload. */
  readonly problemOf: ((input: unknown) => string | null) | null;
}

/**
 * Calls a tool with its agent's hooks around it. `before` may replace the arguments, or skip the call; `after` may
 * replace the result of a call that was not skipped. Each hook is a span within the tool's.
 *
 * @param perform calls the tool with the arguments that `before` leaves
 * @returns the result for the model
 * @throws AgentError `tool-error` if a hook or the tool fails; RunCancelled, AgentError `timeout`
 */
export async function callWithHooks(
  invocation: Invocation,
  hooks: ToolHooks,
  call: HookedCall,
  span: OpenSpan,
  perform: (input: unknown) => Promise<unknown>,
): Promise<unknown> {
  const { context } = invocation;
  const { before, after } = hooks;
  const { name } = call;
  // The model's arguments stay in the conversation as the model gave them.
  const given = call.callId === null ? call.input : structuredClone(call.input);
  const prepared =
    before === undefined
      ? given
      : await runHook(invocation, call, span, 'before', () => before(name, given as never, context));
  if (prepared instanceof AbortTool) {
    span.set({ 'tool.call.skipped': true });
    return prepared.result;
  }
  const input = prepared === undefined ? given : prepared;
  const problem = call.problemOf?.(input) ?? null;
  if (problem !== null) {
    const title = `The hook "before" of "${invocation.agent.name}"`;
    throw new AgentError('tool-error', `${title} changed the arguments of "${name}" to others: ${problem}`);
  }
  const result = await perform(input);
  if (after === undefined) return result;
  const replaced = await runHook(invocation, call, span, 'after', () =>
    after(name, input as never, result as never, context),
  );
  if (replaced instanceof AbortTool) return replaced.result;
  return replaced === undefined ? result : replaced;
}

function runHook(
  invocation: Invocation,
  { name }: HookedCall,
  parent: OpenSpan,
  hook: 'before' | 'after',
  work: () => unknown,
): Promise<unknown> {
  const agentName = invocation.agent.name;
  const start = { kind: 'hook', name: `${hook} ${name}`, parent } as const;
  return invocation.run.trace.span(start, () =>
    runProjectCode(invocation, {
      source: `hooks:${agentName}`,
      title: `The hook "${hook}" of "${agentName}"`,
      errorCode: 'tool-error',
      run: () => orAbort(work),
    }),
  );
}

/** An `AbortTool` means the same whether it is thrown or returned. */
async function orAbort(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof AbortTool) return thrown;
    throw thrown;
  }
}
