import type { ToolAgent } from '../agent-definition.ts';
import { callTool } from './call-tool.ts';
import { applyAfter, applyBefore } from './middleware.ts';
import { textOf } from './output-text.ts';
import { withRetries } from './retry.ts';
import type { AgentAnswer, Invocation } from './run-scope.ts';

/**
 * Runs an agent that is one tool: calls it with the payload, no model involved.
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
