import { messageOf, RetryableError } from '../../core/errors.ts';
import type { AgentHooks, AgentOutcome, AgentReport, AgentRequest } from '../../core/ports/agent-executor.ts';
import type { RunError } from '../../core/runs/run.ts';
import type { AgentProject, ProjectCode } from '../agent-project.ts';
import { AgentError, RunCancelled, RunHeld } from './agent-error.ts';
import { invokeAgent } from './invoke-agent.ts';
import type { AgentAnswer, RunEnvironment, RunScope } from './run-scope.ts';
import { keptValues } from './tool-context.ts';
import { TraceRecorder } from './trace-recorder.ts';
import { UsageMeter } from './usage-meter.ts';

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
    sessionKey: null,
    trigger: hooks.trigger,
    triggers: new Map(),
    values: { ...request.context },
  };
  try {
    const answer = await answerOf(run, hooks);
    return { ...report(run, null, answer), outcome: 'completed', output: answer.text };
  } catch (thrown) {
    if (thrown instanceof RetryableError) {
      run.trace.close(thrown.message);
      throw thrown;
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
