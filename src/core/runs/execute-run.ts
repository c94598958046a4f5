import { AttemptBudget } from '../budgets/attempt-budget.ts';
import { holdForBudget, waitForBudget } from '../budgets/reached-budget.ts';
import type { Conversation } from '../connectors/origin.ts';
import { type Hold, holdsOf } from '../control/hold.ts';
import type { RunMessages } from '../deliveries/send-message.ts';
import { InterruptedRun, messageOf, PermanentError, RetryableError } from '../errors.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { AgentOutcome, KeptSession } from '../ports/agent-executor.ts';
import type { Engine } from '../ports/engine.ts';
import { type Lease, nothingReported, type RunEnd, type Slot } from '../ports/run-store.ts';
import { executorLease, isConcurrencySlot, isolationSlots, slotsOf } from '../triggers/dispatch-trigger.ts';
import { hasEnded, interruptionOf, isolationOf, type Run, type RunRecord, whyGivenUp } from './run.ts';
import { emptyTrace, type Trace } from './trace.ts';
import { triggerAgent } from './trigger-agent.ts';

/** The caller that waits for a run's answer. */
export interface Caller {
  /** Called with the text of the answer as the model writes it. */
  readonly onText?: (text: string) => void;
  /** Called with the trace so far, at most about once a second, and with the whole trace at the end. */
  readonly onTrace?: (trace: Trace) => void;
}

export type ExecuteOutcome =
  | { readonly outcome: 'ended'; readonly run: ExecutedRun }
  /** A slot that the run needs is full: the run waits in the queue for a place in it. */
  | { readonly outcome: 'busy'; readonly slot: Slot }
  /** The run waits in a hold. */
  | { readonly outcome: 'held'; readonly hold: Hold }
  /** The run waits in the queue: until a budget that is used up has room, or, not `isHeld`, for a few seconds. */
  | { readonly outcome: 'waiting'; readonly isHeld: boolean }
  /** Another executor holds the run, or it has ended. */
  | { readonly outcome: 'not-acquired' }
  /** The attempt was interrupted; the run is back in the queue. */
  | { readonly outcome: 'released'; readonly reason: string };

/** A run with its recorded end. */
export type ExecutedRun = RunRecord & Pick<Run, 'output'>;

/** How long to wait before an interrupted run is tried again, in ms, by how often it had the same role before. */
const releaseDelaysMs = [1_000, 10_000];
const longestReleaseDelayMs = 60_000;

/**
 * Claims a queued run and executes it once.
 *
 * @throws RetryableError when the store is unavailable; the run is claimed again when its lease expires
 */
export async function executeRun(engine: Engine, runId: string): Promise<ExecuteOutcome> {
  const run = await engine.runs.find(runId);
  if (run === null || hasEnded(run.status)) return { outcome: 'not-acquired' };
  const agent = engine.agents.get(run.agentName);
  const now = engine.clock();
  const isolation = isolationOf(run.interruptions);
  const lease = executorLease(engine, agent === null ? [] : [agent], now, isolation);
  const own = agent === null ? [] : slotsOf(agent, run.concurrencyKey);
  // A run whose cancellation was requested only ends: it waits for nothing.
  const slots = run.cancelRequested ? [] : [...own, ...isolationSlots(engine, isolation)];
  const hold = run.cancelRequested ? null : await holdBack(engine, run, slots);
  if (hold !== null) return { outcome: 'held', hold };
  const claimed = await engine.runs.claim(runId, { ...lease, slots });
  if (claimed.outcome === 'not-claimable') return { outcome: 'not-acquired' };
  if (claimed.outcome === 'busy') {
    const slot = slots.find(({ key }) => key === claimed.slot);
    if (slot === undefined) throw new Error('a run is kept waiting by a slot that it did not ask for');
    const isDropped = agent?.concurrency?.onConflict === 'drop' && isConcurrencySlot(agent, claimed.slot);
    return isDropped ? dropRun(engine, runId, lease) : { outcome: 'busy', slot };
  }
  return executeClaimedRun(engine, claimed.run, lease.owner, engine.runs.load);
}

/** Makes the run wait in the first hold that applies to it. */
async function holdBack(engine: Engine, run: RunRecord, slots: readonly Slot[]): Promise<Hold | null> {
  const { holds, clock } = engine;
  for (const hold of holdsOf(await holds.known(), run)) {
    if ((await holds.holdRun(run.runId, hold.key, slots, clock())) === 'held') return hold;
  }
  return holdForBudget(engine, run, slots);
}

/**
 * Executes a run whose lease `owner` already holds, and records its end.
 *
 * @param load reads the payload, only once it is certain that the run will execute: reading itself may crash the
 *   process, and a run that did so too often fails without being read
 * @param caller waits for the answer; `null` if nobody does
 * @throws RetryableError like `executeRun`
 */
export async function executeClaimedRun(
  engine: Engine,
  record: RunRecord,
  owner: string,
  load: (record: RunRecord) => Promise<Run>,
  caller: Caller | null = null,
): Promise<ExecuteOutcome> {
  const agent = engine.agents.get(record.agentName);
  if (record.cancelRequested) return endRun(engine, record, owner, cancelled);
  if (agent === null) return waitForAgent(engine, record, owner);
  const error = whyGivenUp(record.interruptions, engine.settings.maxAttempts);
  if (error !== null) return endRun(engine, record, owner, { status: 'failed', error });
  let end: End;
  let session: KeptSession | null = null;
  let conversation: Conversation | undefined;
  try {
    const run = await load(record);
    const lost = run.unreadable?.payload;
    if (lost !== undefined) return endRun(engine, record, owner, failure('payload-unreadable', lost));
    const budget = new AttemptBudget(engine, run, agent);
    const outcome = await runWithin(engine, run, owner, caller, budget);
    if (outcome.outcome === 'held') {
      const waits = await waitForBudget(engine, record, owner, budget.halt);
      return waits.outcome === 'cancel-requested' ? await endRun(engine, record, owner, cancelled) : waits;
    }
    caller?.onTrace?.(outcome.trace);
    end = endOf(outcome, run.warnings);
    session = outcome.session;
    conversation = run.origin?.conversation;
  } catch (thrown) {
    return giveBack(engine, record, owner, thrown);
  }
  const ended = await endRun(engine, record, owner, end);
  if (ended.outcome === 'ended' && session !== null) await keepSession(engine, agent, conversation, session);
  return ended;
}

/** How long after it was queued, or due, a run waits for its agent: longer than any deployment takes. */
const agentWaitMs = 600_000;

/**
 * Returns a run to the queue if this executor does not know its agent. During a deployment, the run may come from a
 * part with the new agents while this executor has the old ones. After the wait, the run fails.
 */
function waitForAgent(engine: Engine, record: RunRecord, owner: string): Promise<ExecuteOutcome> {
  const unknown = `no agent named "${record.agentName}"`;
  if (engine.clock() - (record.scheduledAt ?? record.queuedAt) < agentWaitMs) {
    const reason = `the executor knew ${unknown}, which a deployment may be about to bring`;
    return giveBack(engine, record, owner, new InterruptedRun('bystander', reason));
  }
  const error = failure('agent-missing', `The project has ${unknown}.`);
  return endRun(engine, record, owner, error);
}

/** How long a conversation is kept after its last run, by default: 30 days, like runs. */
const defaultSessionSeconds = 30 * 24 * 3_600;

async function keepSession(
  engine: Engine,
  agent: AgentSummary,
  conversation: Conversation | undefined,
  { key, messages }: KeptSession,
): Promise<void> {
  const { ttlSeconds } = agent.session ?? conversation ?? { ttlSeconds: null };
  await engine.sessions.save(
    agent.name,
    key,
    messages,
    engine.clock() + (ttlSeconds ?? defaultSessionSeconds) * 1_000,
  );
}

/** Runs the agent, if the budgets have room for the run. */
async function runWithin(
  engine: Engine,
  run: Run,
  owner: string,
  caller: Caller | null,
  budget: AttemptBudget,
): Promise<AgentOutcome> {
  try {
    const entry = await budget.enter();
    if (entry.outcome === 'granted') return await runAgent(engine, run, owner, caller, budget);
    const report = { ...nothingUsed, context: run.context };
    if (entry.outcome === 'held') return { ...report, outcome: 'held' };
    return { ...report, outcome: 'failed', error: { code: entry.code, message: entry.message } };
  } finally {
    await budget.close();
  }
}

const nothingUsed = {
  tokenUsage: null,
  costUsd: null,
  model: null,
  warnings: [],
  trace: emptyTrace,
  session: null,
};

/** Loaded when an agent may send: functions with a waiting caller start without it. */
const sending = () => import('../deliveries/send-message.ts');

async function runAgent(
  engine: Engine,
  run: Run,
  owner: string,
  caller: Caller | null,
  budget: AttemptBudget,
): Promise<AgentOutcome> {
  const onText = caller?.onText;
  const cancellation = new AbortController();
  let messages: Promise<RunMessages> | null = null;
  const stopWatching = engine.signals.onCancel(run.runId, () => cancellation.abort());
  try {
    return await engine.executor.execute(
      {
        runId: run.runId,
        agentName: run.agentName,
        connectorId: run.connectorId,
        payload: run.payload,
        modelInput: run.modelInput,
        context: run.context,
        attempt: run.attempts,
        isolation: isolationOf(run.interruptions),
        streaming: onText !== undefined,
        ...(run.origin?.conversation === undefined ? {} : { conversationKey: run.origin.conversation.key }),
        awaited: caller !== null,
      },
      {
        signal: cancellation.signal,
        budget: {
          reserve: (call) => budget.reserve(call),
          settle: (reservation, used) => budget.settle(reservation, used),
        },
        trigger: (trigger) => triggerAgent(engine, run, trigger, cancellation.signal),
        sendTargets: async (agentName) => (await sending()).sendTargets(engine, run, agentName),
        send: async (message) => {
          messages ??= sending().then((code) => new code.RunMessages(engine, run, cancellation.signal));
          return (await messages).send(message);
        },
        loadSession: (key) => engine.sessions.load(run.agentName, key, engine.clock()),
        ...(onText === undefined ? {} : { onText }),
        onTrace: (trace) => {
          caller?.onTrace?.(trace);
          engine.runs.saveTrace(run.runId, owner, trace).catch((thrown: unknown) => {
            engine.log.warn('trace.not-saved', { run_id: run.runId, reason: messageOf(thrown) });
          });
        },
      },
    );
  } finally {
    stopWatching();
  }
}

type End = Pick<RunEnd, 'status'> & Partial<Omit<RunEnd, 'status' | 'endedAt'>>;

/** @param received the warnings from before the run */
function endOf(outcome: Exclude<AgentOutcome, { outcome: 'held' }>, received: readonly string[]): End {
  const { tokenUsage, costUsd, model, context, trace } = outcome;
  const warnings = [...received, ...outcome.warnings];
  const report = { tokenUsage, costUsd, model, context, warnings, trace };
  if (outcome.outcome === 'completed') {
    const { output, publishes } = outcome;
    return { ...report, status: 'completed', output, ...(publishes === undefined ? {} : { publishes }) };
  }
  if (outcome.outcome === 'failed') return { ...report, status: 'failed', error: outcome.error };
  return { ...report, status: 'cancelled' };
}

const cancelled: End = { status: 'cancelled' };

function failure(code: string, message: string): End {
  return { status: 'failed', error: { code, message } };
}

async function endRun(engine: Engine, run: RunRecord, owner: string, end: End): Promise<ExecuteOutcome> {
  const full: RunEnd = { ...nothingReported, ...end, endedAt: engine.clock() };
  const written = await engine.runs.end(run.runId, owner, full);
  if (written === 'lost') return { outcome: 'not-acquired' };
  // Failures are what people look for, so they are warnings and say why.
  engine.log[full.status === 'failed' ? 'warn' : 'info']('run.ended', {
    run_id: run.runId,
    agent: run.agentName,
    status: full.status,
    error_code: full.error?.code ?? null,
    error: full.error?.message ?? null,
    duration_ms: full.endedAt - (run.startedAt ?? full.endedAt),
    attempt: run.attempts,
    model: full.model,
    tokens: full.tokenUsage?.total ?? null,
  });
  const { trace: _trace, context: _context, warnings: _warnings, ...stored } = full;
  return { outcome: 'ended', run: { ...run, ...stored } };
}

/** Returns the run to the queue, or ends it: after too many interruptions, or if its cancellation was requested. */
async function giveBack(
  engine: Engine,
  run: RunRecord,
  owner: string,
  thrown: unknown,
): Promise<ExecuteOutcome> {
  const now = engine.clock();
  const role = thrown instanceof InterruptedRun ? thrown.role : 'bystander';
  const interruption = interruptionOf(role, reasonOf(engine, run, thrown), now);
  const interruptions = [...run.interruptions, interruption];
  const error = whyGivenUp(interruptions, engine.settings.maxAttempts);
  if (error !== null) return endRun(engine, run, owner, { status: 'failed', error });
  const { reason } = interruption;
  const before = run.interruptions.filter((earlier) => earlier.role === role).length;
  // A suspect does not wait: most likely, another run crashed the executor.
  const delayMs = role === 'suspect' ? 0 : (releaseDelaysMs[before] ?? longestReleaseDelayMs);
  const released = await engine.runs.release(run.runId, owner, now + delayMs, interruption);
  if (released === 'lost') return { outcome: 'not-acquired' };
  if (released === 'cancel-requested') return endRun(engine, run, owner, cancelled);
  engine.log.warn('run.released', { run_id: run.runId, agent: run.agentName, role, reason });
  return { outcome: 'released', reason };
}

/**
 * What operators and the connector's callers may read about an error. An unexpected error may reveal internals, so its
 * message goes only to the log.
 */
function reasonOf(engine: Engine, run: RunRecord, thrown: unknown): string {
  if (thrown instanceof RetryableError || thrown instanceof PermanentError) return thrown.message;
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  engine.log.error('run.broken-off', { run_id: run.runId, reason: messageOf(thrown), stack });
  return 'an unexpected error interrupted it; see the log of the service';
}

/** Cancels a run without executing it, because its agent has `on_conflict: drop`. */
async function dropRun(engine: Engine, runId: string, lease: Lease): Promise<ExecuteOutcome> {
  const claimed = await engine.runs.claim(runId, { ...lease, slots: [] });
  if (claimed.outcome !== 'claimed') return { outcome: 'not-acquired' };
  const message = 'Another run with the same concurrency key was in progress, and the agent drops such runs.';
  return endRun(engine, claimed.run, lease.owner, {
    status: 'cancelled',
    error: { code: 'concurrency-dropped', message },
  });
}
