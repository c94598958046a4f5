import type { ReceiveContext } from '../../core/connectors/received.ts';
import type { AgentSummary } from '../../core/ports/agent-catalog.ts';
import type { Offered } from './protocol.ts';
import {
  callArguments,
  describeRun,
  failed,
  getRunArguments,
  getRunName,
  toolName,
  toolsOf,
} from './tools.ts';

/** The tools of a connector, and its direct answers to calls that start no run: mistakes and questions about runs. */
export function offeredTools(context: ReceiveContext): Offered {
  const { mode } = context.connector;
  const agents = context.agents();
  return {
    tools: toolsOf(mode, agents),
    async answerCall({ name, arguments: given = {} }) {
      if (name === getRunName && mode !== 'sync') return getRun(context, given);
      if (agentOfTool(agents, name) === null) return failed(unknownTool(name, toolsOf(mode, agents)));
      const parsed = callArguments.safeParse(given);
      return parsed.success ? null : failed(`Invalid arguments. ${problemsOf(parsed.error)}`);
    },
  };
}

/** The agent that a tool runs; `null` if there is no such tool. */
export function agentOfTool(agents: readonly AgentSummary[], name: string): AgentSummary | null {
  return agents.find((agent) => toolName(agent) === name) ?? null;
}

async function getRun(context: ReceiveContext, given: unknown) {
  const parsed = getRunArguments.safeParse(given);
  if (!parsed.success) return failed(`Invalid arguments. ${problemsOf(parsed.error)}`);
  const { run_id: runId } = parsed.data;
  const run = await context.findRun(runId);
  return run === null ? failed(`This connector has started no run ${runId}.`) : describeRun(run);
}

function unknownTool(name: string, tools: readonly { readonly name: string }[]): string {
  return `There is no tool ${name}. Tools: ${tools.map((tool) => tool.name).join(', ')}.`;
}

function problemsOf({ issues }: { readonly issues: readonly { path: PropertyKey[]; message: string }[] }) {
  return issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}.`).join(' ');
}
