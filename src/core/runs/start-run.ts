import type { Connector } from '../connectors/connector.ts';
import { RetryableError } from '../errors.ts';
import type { Payload } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import { agentNotFound, type Refusal, refuse } from '../refusal.ts';
import { dispatchTrigger, type TriggerDraft } from '../triggers/dispatch-trigger.ts';
import { dueTime, timeText, type When } from './due-time.ts';

export type StartOutcome<Reason extends string> =
  | {
      readonly outcome: 'started';
      readonly runId: string;
      /** When the run is due, Unix ms; `null` if it is due immediately. */
      readonly scheduledAt: number | null;
    }
  | Refusal<Reason>;

/** Why the run of an agent that exists is not stored. */
export type NotStarted = 'input-invalid' | 'budget-reached' | 'too-many-scheduled';

/**
 * Starts one run of one agent by hand, now or at a later time.
 *
 * @throws RetryableError when the store is unavailable or over capacity; nothing was started then
 */
export async function startRun(
  engine: Engine,
  actor: string,
  agentName: string,
  payload: Payload,
  when: When = {},
): Promise<StartOutcome<'agent-not-found' | 'invalid-request' | NotStarted>> {
  const agent = engine.agents.get(agentName);
  if (agent === null) return agentNotFound(agentName, engine.agents);
  const due = dueTime(when, engine.clock());
  if (due.outcome === 'refused') return due;
  const { scheduledAt } = due;
  const later = scheduledAt === null ? {} : { scheduledAt };
  const draft = {
    payload,
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural: null,
    ...later,
  };
  const started = await startOne(engine, null, agent, draft);
  if (started.outcome === 'refused') return started;
  const { runId } = started;
  if (scheduledAt === null) {
    await recordAction(engine, actor, 'run.started', runId, `Started agent "${agentName}" by hand.`);
  } else {
    const detail = `Scheduled agent "${agentName}" for ${timeText(scheduledAt)}.`;
    await recordAction(engine, actor, 'run.scheduled', runId, detail);
  }
  return { outcome: 'started', runId, scheduledAt };
}

/**
 * Stores one run of one agent, which will then be executed.
 *
 * @param connector that the run belongs to; `null` if none
 * @throws RetryableError like `startRun`
 */
export async function startOne(
  engine: Engine,
  connector: Connector | null,
  agent: AgentSummary,
  draft: TriggerDraft,
): Promise<StartOutcome<NotStarted>> {
  // A trigger by hand may wait for the list of budgets.
  await engine.budgets.inForce();
  const started = await dispatchTrigger(engine, connector, [agent], draft);
  if (started.outcome === 'input-invalid') return refuse('input-invalid', started.detail);
  if (started.outcome === 'over-budget') {
    const { detail, retryAfterSeconds } = started;
    return { ...refuse('budget-reached', detail), retryAfterSeconds };
  }
  if (started.outcome === 'overloaded' && started.detail !== undefined) {
    const { detail, retryAfterSeconds } = started;
    return { ...refuse('too-many-scheduled', detail), retryAfterSeconds };
  }
  const run = started.outcome === 'dispatched' ? started.runs[0] : undefined;
  if (run === undefined) throw new RetryableError('Too many runs are queued. Try again later.');
  return { outcome: 'started', runId: run.runId, scheduledAt: null };
}
