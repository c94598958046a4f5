import type { ToolAgent } from '../agent-definition.ts';
import { isBuiltIn } from '../built-in-tools.ts';
import { AgentError } from './agent-error.ts';
import { callBuiltInTool } from './call-built-in-tool.ts';
import { applyAfter, applyBefore } from './middleware.ts';
import { textOf } from './output-text.ts';
import { withRetries } from './retry.ts';
import { runProjectCode } from './run-project-code.ts';
import type { AgentAnswer, Invocation, RunScope } from './run-scope.ts';
import { given } from './trace-content.ts';
import type { OpenSpan, SpanStart } from './trace-recorder.ts';

/**
 * Runs a tool agent: calls its tool with the payload, without a model.
 *
 * @throws AgentError `tool-error`, `middleware-error`, `output-invalid`; RunCancelled, AgentError `timeout`
 */
export async function runToolAgent(invocation: Invocation<ToolAgent>): Promise<AgentAnswer> {
  const { agent, span } = invocation;
  const input = await applyBefore(invocation, invocation.payload.value);
  const call = { name: agent.toolName, input, callId: null };
  const returned = await withRetries(invocation, span, () => callTool(invocation, call, span));
  const answer = textOf(returned, `The tool "${agent.toolName}"`);
  return { text: await applyAfter(invocation, answer), session: null };
}

/** Maximum characters that the trace keeps of a tool's arguments, and of its result. */
const shownLength = 8_000;

export interface ToolCall {
  /** `module.function`. */
  readonly name: string;
  readonly input: unknown;
  /** The model's id of the call; `null` if no model requested it. */
  readonly callId: string | null;
}

/**
 * Calls a tool of the project, as one span of the trace.
 *
 * @returns the tool's return value
 * @throws AgentError `tool-error` with the tool's name and its error; RunCancelled, AgentError `timeout`
 */
export async function callTool(invocation: Invocation, call: ToolCall, parent: OpenSpan): Promise<unknown> {
  const { trace } = invocation.run;
  return trace.span(toolSpan(invocation.run, call, parent), async (span) => {
    const result = await runTool(invocation, call);
    span.set(given({ 'gen_ai.tool.call.result': trace.content.json(result, shownLength) }));
    return result;
  });
}

/** The start of a tool call's span. */
export function toolSpan({ trace }: RunScope, call: ToolCall, parent: OpenSpan): SpanStart {
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': call.name,
    'gen_ai.tool.type': 'function',
    ...(call.callId === null ? {} : { 'gen_ai.tool.call.id': call.callId }),
    ...given({ 'gen_ai.tool.call.arguments': trace.content.json(call.input, shownLength) }),
  };
  return { kind: 'tool', name: `execute_tool ${call.name}`, parent, attributes };
}

async function runTool(invocation: Invocation, { name, input }: ToolCall): Promise<unknown> {
  const { run, context } = invocation;
  if (isBuiltIn(name)) return callBuiltInTool(invocation, name, input);
  const tool = Object.hasOwn(run.code.tools, name) ? run.code.tools[name] : undefined;
  if (tool === undefined) throw new AgentError('tool-error', `The project has no tool named "${name}".`);
  return runProjectCode(invocation, {
    source: `tool:${name}`,
    title: `The tool "${name}"`,
    errorCode: 'tool-error',
    // Each tool declares its own input type; the caller must know that this input fits.
    run: () => tool(input as never, context),
  });
}
