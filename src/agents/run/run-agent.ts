import { messageOf, RetryableError } from '../../core/errors.ts';
import type { AgentHooks, AgentOutcome, AgentReport, AgentRequest } from '../../core/ports/agent-executor.ts';
import type { RunError } from '../../core/runs/run.ts';
import type { AgentProject, ProjectCode, ToolContext } from '../agent-project.ts';
import { AgentError, RunCancelled, RunHeld, RunStopped } from './agent-error.ts';
import { withDeadline } from './deadline.ts';
import { addedValues, createToolContext, keptValues, toolLog } from './run-project-code.ts';
import type { AgentAnswer, AgentInput, Invocation, RunEnvironment, RunScope } from './run-scope.ts';
import { sendConnector } from './send-messages.ts';
import { type OpenSpan, TraceRecorder, UsageMeter } from './trace-recorder.ts';

/** Maximum characters of a failed run's error message. */
const errorLength = 2_000;

/**
 * Executes one attempt of a run: the agent with its middleware, tools and models, within its timeout.
 *
 * @returns how it ended, with its trace, tokens and other results; failures of the agent are outcomes, never thrown
 *   (`timeout`, `model-error`, `tool-error`, `output-invalid`, ... see docs/models.md)
 * @throws RetryableError if the conversation cannot be loaded
 */
export async function runAgent(
  project: AgentProject,
  code: ProjectCode,
  request: AgentRequest,
  hooks: AgentHooks,
  environment: RunEnvironment,
): Promise<AgentOutcome> {
  const trace = new TraceRecorder(environment.env, environment.now, hooks.onTrace);
  const run: RunScope = {
    project,
    code,
    request,
    environment,
    startedAt: environment.now(),
    trace,
    usage: new UsageMeter(),
    warnings: new Set(),
    budget: hooks.budget,
    waitedMs: 0,
    sessionKey: null,
    trigger: hooks.trigger,
    sendTargets: hooks.sendTargets,
    send: hooks.send,
    targets: new Map(),
    occurrences: new Map(),
    values: { ...request.context },
    visiblePayload: request.payload.value,
  };
  try {
    const answer = await answerOf(run, hooks);
    return { ...report(run, null, answer), outcome: 'completed', output: answer.text };
  } catch (thrown) {
    if (thrown instanceof RetryableError) {
      run.trace.close(thrown.message);
      throw thrown;
    }
    if (thrown instanceof RunStopped) {
      const { response, publishes } = thrown;
      const ended = { ...report(run, null), outcome: 'completed', output: response } as const;
      return publishes ? ended : { ...ended, publishes };
    }
    if (thrown instanceof RunCancelled) return { ...report(run, thrown.message), outcome: 'cancelled' };
    if (thrown instanceof RunHeld) return { ...report(run, thrown.message), outcome: 'held' };
    const error = errorOf(thrown, run);
    return { ...report(run, error.message), outcome: 'failed', error };
  }
}

function answerOf(run: RunScope, hooks: AgentHooks): Promise<AgentAnswer> {
  const { request } = run;
  const attributes = { 'run.id': request.runId, 'run.attempt': request.attempt };
  const input = {
    name: request.agentName,
    payload: request.payload,
    modelInput: request.modelInput,
    loadSession: hooks.loadSession,
    onText: request.streaming ? hooks.onText : undefined,
  };
  const start = { kind: 'run', name: `run ${request.agentName}`, parent: null, attributes } as const;
  return run.trace.span(start, (span) => invokeAgent(run, input, span, hooks.signal));
}

function report(run: RunScope, error: string | null, answer?: AgentAnswer): AgentReport {
  const context = keptValues(run.values, run.warnings);
  return {
    tokenUsage: run.usage.total(),
    costUsd: run.usage.costUsd(),
    model: run.usage.model(),
    context,
    warnings: [...run.warnings],
    trace: run.trace.close(error),
    session: answer?.session ?? null,
  };
}

function errorOf(thrown: unknown, run: RunScope): RunError {
  if (!(thrown instanceof AgentError) && thrown instanceof Error && thrown.stack !== undefined) {
    run.trace.log('error', 'agent', thrown.stack);
  }
  const code = thrown instanceof AgentError ? thrown.code : 'agent-error';
  return { code, message: run.trace.redactor.text(messageOf(thrown), errorLength) };
}

/**
 * Runs one agent of the project, of any type, within its own timeout. However it ends, `run.values` then contains what
 * it has put into its context.
 *
 * @param outer aborts when the run is cancelled or a sequence's timeout passes
 * @throws AgentError, RunCancelled
 */
async function invokeAgent(
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
      const lostMs = () => (run.environment.heldMs?.() ?? 0) + run.waitedMs;
      return await withDeadline(agent.name, agent.timeoutSeconds, outer, lostMs, (signal) => {
        context = contextOf({ run, agent, signal, span });
        const invoke: Invocation['invoke'] = (step, within) => invokeAgent(run, step, within, signal);
        return runChecked({ ...input, run, agent, context, span, signal, invoke });
      });
    } finally {
      if (context !== null) Object.assign(run.values, addedValues(context));
    }
  });
}

function contextOf(sender: Pick<Invocation, 'run' | 'agent' | 'signal' | 'span'>): ToolContext {
  const { run, agent, signal } = sender;
  return createToolContext(run.values, {
    run_id: run.request.runId,
    agent_name: agent.name,
    connector_id: run.request.connectorId,
    timestamp: new Date(run.startedAt).toISOString(),
    payload: run.visiblePayload,
    log: toolLog(run.trace, 'agent'),
    signal,
    send_connector: sendConnector(sender),
  });
}

/** Runs an agent between its guardrails, if it has any. */
async function runChecked(invocation: Invocation): Promise<AgentAnswer> {
  const { guardrails } = invocation.agent;
  if (guardrails === null) return runByType(invocation);
  const { runGuarded } = await import('./guardrails/run-guarded.ts');
  return runGuarded(invocation, guardrails, runByType);
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
