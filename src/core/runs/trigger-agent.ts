import { RetryableError } from '../errors.ts';
import { Payload } from '../json/json-value.ts';
import type { AgentTrigger, AgentTriggered } from '../ports/agent-executor.ts';
import type { Engine } from '../ports/engine.ts';
import { noSuchAgent } from '../refusal.ts';
import { dispatchTrigger } from '../triggers/dispatch-trigger.ts';
import { dueTime } from './due-time.ts';
import type { Run, RunRecord } from './run.ts';
import { refuseLongChain } from './run-chain.ts';

/**
 * Runs another agent for a run in progress. The same call of a run that is executed again finds the run that it started
 * the first time.
 *
 * @param signal aborts when the run is cancelled: it waits no longer
 * @throws RetryableError when the store is unavailable or over capacity; nothing was started then
 */
export async function triggerAgent(
  engine: Engine,
  run: RunRecord,
  trigger: AgentTrigger,
  signal: AbortSignal,
): Promise<AgentTriggered> {
  const { agentName, payloadText, when, waitSeconds } = trigger;
  const agent = engine.agents.get(agentName);
  if (agent === null) return refused(noSuchAgent(agentName, engine.agents));
  const chain = [...run.chain, run.runId];
  const tooLong = refuseLongChain(chain, engine.settings.maxDepth);
  if (tooLong !== null) return refused(tooLong.detail);
  const due = dueTime(when, engine.clock());
  if (due.outcome === 'refused') return refused(due.detail);
  const dispatched = await dispatchTrigger(engine, null, [agent], {
    payload: new Payload(payloadText),
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural: { key: keyOf(run, trigger), timeMs: run.queuedAt },
    chain,
    ...(due.scheduledAt === null ? {} : { scheduledAt: due.scheduledAt }),
  });
  if (dispatched.outcome === 'overloaded' && dispatched.detail !== undefined)
    return refused(dispatched.detail);
  if (dispatched.outcome === 'overloaded')
    throw new RetryableError('Too many runs are queued. Try again later.');
  if (dispatched.outcome === 'input-invalid') return refused(dispatched.detail);
  if (dispatched.outcome === 'over-budget') return refused(dispatched.detail);
  const runId = dispatched.outcome === 'dispatched' ? dispatched.runs[0]?.runId : firstOf(dispatched);
  if (runId === undefined) throw new RetryableError('The run that was started before is no longer stored.');
  const started = await stateOf(engine, runId, waitSeconds, signal);
  return {
    outcome: 'started',
    runId,
    status: started.status,
    scheduledAt: started.scheduledAt,
    output: 'output' in started ? started.output : null,
    error: started.error?.message ?? null,
  };
}

function keyOf({ runId }: RunRecord, { agentName, payloadText, occurrence, when }: AgentTrigger): string {
  return JSON.stringify([runId, agentName, payloadText, when, occurrence]);
}

function firstOf(dispatched: { readonly outcome: string; readonly runIds?: readonly string[] }) {
  return dispatched.runIds?.[0];
}

async function stateOf(
  engine: Engine,
  runId: string,
  waitSeconds: number | null,
  signal: AbortSignal,
): Promise<Run | RunRecord> {
  if (waitSeconds !== null) {
    const enough = AbortSignal.any([signal, AbortSignal.timeout(waitSeconds * 1_000)]);
    return engine.signals.whenEnded(runId, enough);
  }
  const run = await engine.runs.find(runId);
  if (run === null) throw new RetryableError('The run is no longer stored.');
  return run;
}

function refused(reason: string): AgentTriggered {
  return { outcome: 'refused', reason };
}
