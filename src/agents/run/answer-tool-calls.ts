import type { ToolModelMessage, ToolSet, TypedToolCall } from 'ai';
import { messageOf } from '../../core/errors.ts';
import { jsonValue } from '../../core/json-value.ts';
import type { LlmAgent } from '../agent-definition.ts';
import { callTool } from './call-tool.ts';
import { textOf } from './output-text.ts';
import type { Invocation } from './run-scope.ts';
import type { ToolNames } from './tool-names.ts';

type ToolResult = Extract<ToolModelMessage['content'][number], { type: 'tool-result' }>;

/**
 * Calls the tools that a model wants called, all at once, and gives their results as the conversation's next message;
 * `null` where none is left to call. Calls with arguments that do not fit, or of a tool that there is not, were told
 * back to the model already and only leave a span.
 *
 * @throws AgentError `tool-error` of the first call that failed, once all have ended; RunCancelled, AgentError `timeout`
 */
export async function answerToolCalls(
  invocation: Invocation<LlmAgent>,
  toolCalls: readonly TypedToolCall<ToolSet>[],
  names: ToolNames,
): Promise<ToolModelMessage | null> {
  const valid: TypedToolCall<ToolSet>[] = [];
  for (const call of toolCalls) {
    if (call.invalid === true) await traceInvalidCall(invocation, call, names);
    else valid.push(call);
  }
  const ended = await Promise.allSettled(valid.map((call) => answerToolCall(invocation, call, names)));
  const results: ToolResult[] = [];
  for (const result of ended) {
    if (result.status === 'rejected') throw result.reason;
    results.push(result.value);
  }
  return results.length === 0 ? null : { role: 'tool', content: results };
}

async function answerToolCall(
  invocation: Invocation<LlmAgent>,
  { toolCallId, toolName, input }: TypedToolCall<ToolSet>,
  names: ToolNames,
): Promise<ToolResult> {
  const name = names.projectName(toolName);
  const returned = await callTool(invocation, { name, input, callId: toolCallId }, invocation.span);
  const output = resultOf(returned, `The tool "${name}"`);
  return { type: 'tool-result', toolCallId, toolName, output };
}

/** A text goes to the model as text, everything else as JSON. */
function resultOf(returned: unknown, author: string): ToolResult['output'] {
  const text = textOf(returned, author);
  if (typeof returned === 'string' || returned === undefined) return { type: 'text', value: text };
  return { type: 'json', value: jsonValue.parse(JSON.parse(text)) };
}

async function traceInvalidCall(
  { run, span }: Invocation<LlmAgent>,
  call: TypedToolCall<ToolSet>,
  names: ToolNames,
): Promise<void> {
  const name = names.projectName(call.toolName);
  const attributes = {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': name,
    'gen_ai.tool.call.id': call.toolCallId,
    'gen_ai.tool.call.arguments': run.trace.redactor.json(call.input, 2_000),
  };
  const refused = run.trace.span(
    { kind: 'tool', name: `execute_tool ${name}`, parent: span, attributes },
    async () => {
      throw new Error(messageOf(call.error));
    },
  );
  await refused.catch(() => undefined);
}
