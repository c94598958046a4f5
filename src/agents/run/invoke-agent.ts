import type { AgentDefinition } from '../agent-definition.ts';
import type { ToolContext } from '../agent-project.ts';
import { AgentError } from './agent-error.ts';
import { withDeadline } from './deadline.ts';
import { toolLog } from './run-project-code.ts';
import type { AgentAnswer, AgentInput, Invocation, RunScope } from './run-scope.ts';
import { addedValues, createToolContext } from './tool-context.ts';
import type { OpenSpan } from './trace-recorder.ts';

/**
 * Runs one agent of the project, of any type, within its own timeout. However it ends, `run.values` then contains what
 * it has put into its context.
 *
 * @param outer aborts when the run is cancelled or a sequence's timeout passes
 * @throws AgentError, RunCancelled
 */
export async function invokeAgent(
  run: RunScope,
  input: AgentInput,
  parent: OpenSpan,
  outer: AbortSignal,
): Promise<AgentAnswer> {
  const agent = run.project.agents.find(({ name }) => name === input.name);
  if (agent === undefined)
    throw new AgentError('agent-missing', `The project has no agent named "${input.name}".`);
  const attributes = {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': agent.name,
    'agent.type': agent.type,
  };
  const start = { kind: 'agent', name: `invoke_agent ${agent.name}`, parent, attributes } as const;
  return run.trace.span(start, async (span) => {
    let context: ToolContext | null = null;
    try {
      return await withDeadline(agent.name, agent.timeoutSeconds, outer, run.environment.heldMs, (signal) => {
        context = contextOf(run, agent, signal);
        const invoke: Invocation['invoke'] = (step, within) => invokeAgent(run, step, within, signal);
        return runByType({ ...input, run, agent, context, span, signal, invoke });
      });
    } finally {
      if (context !== null) Object.assign(run.values, addedValues(context));
    }
  });
}

function contextOf(run: RunScope, agent: AgentDefinition, signal: AbortSignal): ToolContext {
  return createToolContext(run.values, {
    run_id: run.request.runId,
    agent_name: agent.name,
    connector_id: run.request.connectorId,
    timestamp: new Date(run.startedAt).toISOString(),
    payload: run.request.payload.value,
    log: toolLog(run.trace, 'agent'),
    signal,
  });
}

/** Loads the code of a type when an agent of that type runs: a tool agent never waits for the models' code. */
async function runByType(invocation: Invocation): Promise<AgentAnswer> {
  const { agent } = invocation;
  switch (agent.type) {
    case 'tool': {
      const { runToolAgent } = await import('./call-tool.ts');
      return runToolAgent({ ...invocation, agent });
    }
    case 'sequential': {
      const { runSequentialAgent } = await import('./run-sequential-agent.ts');
      return runSequentialAgent({ ...invocation, agent });
    }
    case 'llm': {
      const { runLlmAgent } = await import('./run-llm-agent.ts');
      return runLlmAgent({ ...invocation, agent });
    }
  }
}
