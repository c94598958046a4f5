import type { ToolModelMessage, ToolSet, TypedToolCall } from 'ai';
import { messageOf } from '../../core/errors.ts';
import { jsonValue } from '../../core/json/json-value.ts';
import type { LlmAgent } from '../agent-definition.ts';
import { builtInTool } from '../built-in-tools.ts';
import { callTool, type ToolCall, toolSpan } from './call-tool.ts';
import { schemaCheck } from './json-schema.ts';
import { textOf } from './run-project-code.ts';
import type { Invocation } from './run-scope.ts';
import type { SendTool } from './send-messages.ts';
import type { ToolNames } from './tool-names.ts';

type ToolResult = Extract<ToolModelMessage['content'][number], { type: 'tool-result' }>;

/**
 * Calls the tools that a model requests, concurrently, and returns their results as the conversation's next message;
 * `null` if there are none. Arguments that do not fit are reported to the model. The library has already reported
 * invalid JSON and unknown tools (such calls only add a span here).
 *
 * @throws AgentError `tool-error` of the first failed call, once all have ended; RunCancelled, AgentError `timeout`
 */
export async function answerToolCalls(
  invocation: Invocation<LlmAgent>,
  toolCalls: readonly TypedToolCall<ToolSet>[],
  names: ToolNames,
  sending: readonly SendTool[],
): Promise<ToolModelMessage | null> {
  const ended = await Promise.allSettled(
    toolCalls.map((call) => answerToolCall(invocation, call, names, sending)),
  );
  const results: ToolResult[] = [];
  for (const result of ended) {
    if (result.status === 'rejected') throw result.reason;
    if (result.value !== null) results.push(result.value);
  }
  return results.length === 0 ? null : { role: 'tool', content: results };
}

async function answerToolCall(
  invocation: Invocation<LlmAgent>,
  call: TypedToolCall<ToolSet>,
  names: ToolNames,
  sending: readonly SendTool[],
): Promise<ToolResult | null> {
  const { toolCallId, toolName, input } = call;
  const name = names.projectName(toolName);
  const sends = sending.find(({ tool }) => tool.name === name) ?? null;
  const problemOf = (given: unknown) => problemOfArguments(invocation, name, sends, given);
  const toolCall = { name, input, callId: toolCallId, sends, problemOf };
  if (call.invalid === true) {
    await traceRefusedCall(invocation, toolCall, messageOf(call.error));
    return null;
  }
  const problem = problemOf(input);
  if (problem !== null) {
    await traceRefusedCall(invocation, toolCall, problem);
    return { type: 'tool-result', toolCallId, toolName, output: { type: 'error-text', value: problem } };
  }
  const returned = await callTool(invocation, toolCall, invocation.span);
  return { type: 'tool-result', toolCallId, toolName, output: resultOf(returned, `The tool "${name}"`) };
}

function problemOfArguments(
  { run }: Invocation,
  name: string,
  sends: SendTool | null,
  input: unknown,
): string | null {
  const tool = sends?.tool ?? builtInTool(name) ?? run.project.tools.find((known) => known.name === name);
  const parameters = tool?.parameters;
  const problem = parameters === undefined ? null : schemaCheck(parameters)(input);
  return problem === null ? null : `The arguments do not fit: ${problem}.`;
}

/** Text goes to the model as text, everything else as JSON. */
function resultOf(returned: unknown, author: string): ToolResult['output'] {
  const text = textOf(returned, author);
  if (typeof returned === 'string' || returned === undefined) return { type: 'text', value: text };
  return { type: 'json', value: jsonValue.parse(JSON.parse(text)) };
}

async function traceRefusedCall({ run, span }: Invocation, call: ToolCall, problem: string): Promise<void> {
  const start = toolSpan(run, call, span);
  await run.trace.span(start, () => Promise.reject(new Error(problem))).catch(() => undefined);
}
