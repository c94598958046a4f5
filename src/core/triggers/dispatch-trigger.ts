import type { Budget } from '../budgets/budget.ts';
import { type OverBudget, refuseOverBudget, refusingBudgets } from '../budgets/reached-budget.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Origin } from '../connectors/origin.ts';
import type { IdempotencyKey } from '../connectors/received.ts';
import type { RequestWay } from '../connectors/ways.ts';
import { holdsOf } from '../control/hold.ts';
import { derivedUuidV7, keyOfPayload, uuidV7 } from '../identifiers.ts';
import type { JsonObject, Payload } from '../json/json-value.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { CursorMove, Dispatch, Dispatched, Lease, Slot } from '../ports/run-store.ts';
import type { InterruptionRole, Isolation, Run } from '../runs/run.ts';
import { type Arrival, type ArrivedRequest, arrivalOf } from './arrival.ts';
import type { InvalidInput } from './check-input.ts';
import type { NaturalKey } from './natural-key.ts';
import type { Filtered, Trigger } from './trigger.ts';

/** An accepted event, before it has ids. */
export interface TriggerDraft {
  readonly payload: Payload;
  readonly context: JsonObject;
  readonly modelInput: string | null;
  readonly warnings: readonly string[];
  readonly repeat: IdempotencyKey | null;
  readonly natural: NaturalKey | null;
  readonly origin?: Origin;
  readonly arrival?: Arrival;
  readonly parentRunId?: string;
  /** The runs that led to the event, first one first; absent if none did. */
  readonly chain?: readonly string[];
  /** When its runs are due, Unix ms; absent if they are due immediately. */
  readonly scheduledAt?: number;
  /** Set if no linked agent wants the event. */
  readonly filtered?: Filtered;
}

/** An event with the agents that it starts. */
export interface ChosenDraft {
  readonly draft: TriggerDraft;
  /** In link order; none if no linked agent wants the event. */
  readonly agents: readonly AgentSummary[];
}

export type DispatchOutcome =
  | { readonly outcome: 'dispatched'; readonly runs: readonly Run[]; readonly owner: string | null }
  | OverBudget
  | InvalidInput
  | Exclude<Dispatched, { outcome: 'stored' }>;

/**
 * Stores one run per agent, all or none, and ensures that they will be executed. An event without agents is stored as
 * filtered.
 *
 * @param connector the connector that took the event; `null` for a run started by hand
 * @param agents the agents to run, in link order
 * @param hold `true` if the caller itself executes the runs now (sync): they bypass the queue
 * @throws RetryableError when the store or the queue is unavailable; nothing is half-done then
 */
export async function dispatchTrigger(
  engine: Engine,
  connector: Connector | null,
  agents: readonly AgentSummary[],
  draft: TriggerDraft,
  hold = false,
): Promise<DispatchOutcome> {
  if (hasInputSchema(agents)) {
    const [invalid = null] = await invalidInputs(engine, connector, [{ draft, agents }]);
    if (invalid !== null) return invalid;
  }
  const refusing = refusingBudgets(engine);
  if (refusing.length > 0) {
    const refused = await refusedByBudget(engine, refusing, connector, [{ draft, agents }]);
    if (refused !== null) return refused;
  }
  const now = engine.clock();
  const lease = hold ? executorLease(engine, agents, now) : null;
  const dispatch = makeDispatch(engine, connector, { agents, draft }, now, lease);
  const dispatched = await engine.runs.dispatch(dispatch);
  if (dispatched.outcome === 'stored' && lease === null) await announce(engine, dispatch.runs);
  return outcomeOf(dispatch, dispatched);
}

/**
 * Does the same for many events of one connector, in order and in as few writes as the engine can. If a budget refuses
 * one of them, it refuses all: they are from the same moment, and the source brings them again. An event that does not
 * fit its agents is refused alone.
 *
 * @param move of the connector's cursor, written with the last of the runs (`RunStore.dispatchAll`)
 * @throws RetryableError when the store or the queue is unavailable; events stored before that will be executed, and
 *   are repeats when they come again
 */
export async function dispatchTriggers(
  engine: Engine,
  connector: Connector,
  events: readonly ChosenDraft[],
  move?: CursorMove,
): Promise<readonly DispatchOutcome[]> {
  if (events.length === 0) return [];
  if (events.some(({ agents }) => hasInputSchema(agents))) {
    const checked = await invalidInputs(engine, connector, events);
    const fitting = events.filter((_, index) => checked[index] === null);
    if (fitting.length < events.length) {
      const others = (await dispatchFitting(engine, connector, fitting)).values();
      return checked.map((invalid) => invalid ?? (others.next().value as DispatchOutcome));
    }
  }
  return dispatchFitting(engine, connector, events, move);
}

async function dispatchFitting(
  engine: Engine,
  connector: Connector,
  events: readonly ChosenDraft[],
  move?: CursorMove,
): Promise<readonly DispatchOutcome[]> {
  if (events.length === 0) return [];
  const refused = await refusedByBudget(engine, refusingBudgets(engine), connector, events);
  if (refused !== null) return events.map(() => refused);
  const now = engine.clock();
  const dispatches = events.map((chosen) => makeDispatch(engine, connector, chosen, now, null));
  const dispatched = await engine.runs.dispatchAll(dispatches, move);
  const stored = dispatches.filter((_, index) => dispatched[index]?.outcome === 'stored');
  await announce(
    engine,
    stored.flatMap(({ runs }) => runs),
  );
  return dispatches.map((dispatch, index) => {
    const outcome = dispatched[index];
    if (outcome === undefined) throw new Error('the store has said nothing of a trigger');
    if (outcome.outcome === 'failed') throw outcome.thrown;
    return outcomeOf(dispatch, outcome);
  });
}

/** Whether any of the agents takes only certain payloads: most take any, and the code that checks them is not loaded. */
function hasInputSchema(agents: readonly AgentSummary[]): boolean {
  return agents.some(({ inputSchema }) => inputSchema !== null);
}

/** For each event, why it does not fit its agents; `null` if it fits, or its runs are stored already. */
export function invalidInputs(
  engine: Engine,
  connector: Connector | null,
  events: readonly ChosenDraft[],
): Promise<readonly (InvalidInput | null)[]> {
  return Promise.all(
    events.map(async ({ agents, draft }) => {
      if (!hasInputSchema(agents)) return null;
      const { checkInput } = await import('./check-input.ts');
      const invalid = await checkInput(engine, agents, draft.payload);
      return invalid !== null && (await isRepeat(engine, connector, draft)) ? null : invalid;
    }),
  );
}

/** The refusal of the first event that starts runs beyond a budget; `null` if there is none. A repeat starts no runs. */
async function refusedByBudget(
  engine: Engine,
  refusing: readonly Budget[],
  connector: Connector | null,
  events: readonly ChosenDraft[],
): Promise<OverBudget | null> {
  if (refusing.length === 0) return null;
  for (const { agents, draft } of events) {
    if (agents.length === 0) continue;
    const refused = await refuseOverBudget(engine, refusing, connector, agents, draft);
    if (refused !== null && !(await isRepeat(engine, connector, draft))) return refused;
  }
  return null;
}

/** Whether the event has come before. Costs a read, so it is asked only of an event that would be refused. */
async function isRepeat(
  { runs }: Engine,
  connector: Connector | null,
  { repeat, natural }: TriggerDraft,
): Promise<boolean> {
  const connectorId = connector?.id ?? '';
  if (natural !== null && (await runs.findTrigger(derivedTriggerId(connectorId, natural))) !== null)
    return true;
  return repeat !== null && (await runs.runsOfKey(connectorId, repeat.key)) !== null;
}

/** Runs that wait in a hold are announced when it lets them go on. */
function announce({ signals }: Engine, runs: readonly Run[]): Promise<void> | undefined {
  const isOffered = ({ waitsFor }: Run) => waitsFor === null;
  const offered = runs.every(isOffered) ? runs : runs.filter(isOffered);
  return offered.length === 0 ? undefined : signals.announceQueued(offered);
}

function makeDispatch(
  engine: Engine,
  connector: Connector | null,
  { draft, agents }: ChosenDraft,
  now: number,
  lease: Lease | null,
): Dispatch {
  const trigger = makeTrigger(engine, connector, draft, now);
  const runs = agents.map((agent) => makeRun(engine, trigger, agent, { ...draft, isQueued: lease === null }));
  return { trigger, runs, repeat: draft.repeat, mayComeAgain: draft.natural !== null, lease };
}

function outcomeOf({ runs, lease }: Dispatch, dispatched: Dispatched): DispatchOutcome {
  if (dispatched.outcome !== 'stored') return dispatched;
  return { outcome: 'dispatched', runs, owner: lease?.owner ?? null };
}

/** The id of the trigger of an event that has its own identity. */
export function derivedTriggerId(connectorId: string, natural: NaturalKey): string {
  return derivedUuidV7(natural.timeMs, `${connectorId}\n${natural.key}`, natural.place);
}

/** The id of one agent's run of such a trigger. */
export function derivedRunId(triggerId: string, natural: NaturalKey, agentName: string): string {
  return derivedUuidV7(natural.timeMs, `${triggerId}\n${agentName}`, natural.place);
}

/** Key of the hold that a new run waits in, if that is known without a call; another run is held when it is to start. */
function firstHold({ holds }: Engine, agentName: string, connectorId: string | null): string | null {
  return holdsOf(holds.atHand(), { agentName, connectorId })[0]?.key ?? null;
}

function makeTrigger(engine: Engine, connector: Connector | null, draft: TriggerDraft, now: number): Trigger {
  const triggerId =
    draft.natural === null
      ? uuidV7(now, engine.entropy)
      : derivedTriggerId(connector?.id ?? '', draft.natural);
  return {
    triggerId,
    connectorId: connector?.id ?? null,
    receivedAt: now,
    payload: draft.payload,
    context: draft.context,
    modelInput: draft.modelInput,
    warnings: draft.warnings,
    ...(draft.origin === undefined ? {} : { origin: draft.origin }),
    ...(draft.arrival === undefined ? {} : { arrival: draft.arrival }),
    ...(draft.filtered === undefined ? {} : { filtered: draft.filtered }),
  };
}

/** A run of a trigger, queued or about to be executed by who holds it. */
export function makeRun(
  engine: Engine,
  trigger: Trigger,
  agent: AgentSummary,
  given: Pick<TriggerDraft, 'natural' | 'parentRunId' | 'scheduledAt' | 'chain'> & {
    readonly isQueued: boolean;
  },
): Run {
  const runId =
    given.natural === null
      ? uuidV7(trigger.receivedAt, engine.entropy)
      : derivedRunId(trigger.triggerId, given.natural, agent.name);
  const isScheduled = given.scheduledAt !== undefined;
  // A hold applies to a scheduled run when it is due.
  const mayWait = given.isQueued && !isScheduled;
  return {
    runId,
    agentName: agent.name,
    connectorId: trigger.connectorId,
    triggerId: trigger.triggerId,
    parentRunId: given.parentRunId ?? given.chain?.at(-1) ?? null,
    status: isScheduled ? 'scheduled' : 'queued',
    payload: trigger.payload,
    modelInput: trigger.modelInput,
    output: null,
    error: null,
    queuedAt: trigger.receivedAt,
    scheduledAt: given.scheduledAt ?? null,
    startedAt: null,
    endedAt: null,
    attempts: 0,
    tokenUsage: null,
    costUsd: null,
    context: trigger.context,
    warnings: trigger.warnings,
    model: null,
    concurrencyKey: agent.concurrency && keyOfPayload(trigger.payload, agent.concurrency.key),
    cancelRequested: false,
    chain: given.chain ?? [],
    waitsFor: mayWait ? firstHold(engine, agent.name, trigger.connectorId) : null,
    interruptions: [],
    ...(trigger.origin === undefined ? {} : { origin: trigger.origin }),
  };
}

/** Describes a request to a connector, without what the connector's type treats as a credential. */
export function arrivalAt(
  request: ArrivedRequest,
  way: RequestWay | undefined,
  connector: Connector,
): Arrival {
  return arrivalOf(request, (name, value) => way?.isCredential?.(name, value, connector) ?? false);
}

/** Time beyond an agent's own timeout for loading, aborting, and storing the end. */
const leaseMarginSeconds = 60;

/**
 * A lease for one attempt at a run of each agent, all in one executor. It outlives the longest of their timeouts and
 * takes no slots.
 */
export function executorLease(
  engine: Engine,
  agents: readonly AgentSummary[],
  now: number,
  isolation: Isolation = 'shared',
): Lease {
  const longestSeconds = Math.max(0, ...agents.map((agent) => agent.timeoutSeconds));
  return {
    owner: uuidV7(now, engine.entropy),
    now,
    until: now + (longestSeconds + leaseMarginSeconds) * 1_000,
    slots: [],
    ifLost: roleIfLost(engine, agents.length, isolation),
  };
}

/** A run's role if the process that executes it vanishes, as far as it is known in advance. */
function roleIfLost({ executor }: Engine, runs: number, isolation: Isolation): InterruptionRole {
  if (executor.isShared) return isolation === 'process' ? 'bystander' : 'suspect';
  return runs > 1 ? 'suspect' : 'culprit';
}

/** The slots that an isolated run takes in an engine whose executor runs several at a time. */
export function isolationSlots({ executor, settings }: Engine, isolation: Isolation): readonly Slot[] {
  if (!executor.isShared || isolation === 'shared') return [];
  return [{ key: isolationKey, limit: settings.maxIsolatedRuns }];
}

/** Agent names contain no line breaks. */
const isolationKey = '\nisolated';

/** The slots that one run of the agent takes while it runs. */
export function slotsOf(agent: AgentSummary, concurrencyKey: string | null): readonly Slot[] {
  const slots: Slot[] = [];
  if (agent.maxConcurrentRuns !== null) slots.push({ key: agent.name, limit: agent.maxConcurrentRuns });
  if (concurrencyKey !== null) slots.push({ key: `${agent.name}\n${concurrencyKey}`, limit: 1 });
  return slots;
}

/** Whether the slot belongs to a concurrency key of the agent. */
export function isConcurrencySlot(agent: AgentSummary, slotKey: string): boolean {
  return slotKey.startsWith(`${agent.name}\n`);
}
