import type { AcceptedTrigger } from '../connectors/accepted-trigger.ts';
import type { Connector } from '../connectors/connector.ts';
import type { AnyConnectorType } from '../connectors/connector-type.ts';
import { noteEvent } from '../connectors/note-event.ts';
import {
  type AcceptedEvent,
  type Answered,
  type ReceiveContext,
  type Received,
  type Refused,
  unauthorized,
} from '../connectors/received.ts';
import { holdsOf } from '../control/hold.ts';
import { RetryableError } from '../errors.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { RateLimit } from '../ports/rate-limiter.ts';
import type { CursorMove } from '../ports/run-store.ts';
import { callerOf, cancelRun } from '../runs/cancel-run.ts';
import type { Run } from '../runs/run.ts';
import { followChain } from '../runs/run-chain.ts';
import type { Arrival } from './arrival.ts';
import { chooseAgents } from './choose-agents.ts';
import {
  type ChosenDraft,
  type DispatchOutcome,
  dispatchTrigger,
  dispatchTriggers,
  invalidInputs,
  slotsOf,
  type TriggerDraft,
} from './dispatch-trigger.ts';

export type ReceiveOutcome = AcceptedTrigger | Answered | Refused;

/** How a connector's type reads one event. */
export type Receive = (context: ReceiveContext) => Promise<Received>;

/**
 * Takes one event for one connector: the type reads it, and the engine dispatches it.
 *
 * @param arrival describes the request that brought the event, if one did; called if the event is accepted
 * @returns `refused` if the sender or the configuration must change, or if the platform is unavailable or over
 *   capacity; nothing is stored then, except parts of a batch
 */
export async function receiveTrigger(
  engine: Engine,
  connector: Connector,
  receive: Receive,
  arrival?: () => Arrival,
): Promise<ReceiveOutcome> {
  try {
    const received = await followChain(engine, await receive(receiveContext(engine, connector)));
    if (received.outcome === 'accepted') {
      const event = arrival === undefined ? received : { ...received, arrival: arrival() };
      return await dispatch(engine, connector, event);
    }
    if (received.outcome === 'answered') await noteIgnored(engine, connector, received);
    return received;
  } catch (thrown) {
    return refuseUnavailable(engine, connector.id, thrown);
  }
}

/** Runs `work`. If the platform is unavailable, returns a refusal for the sender. */
export async function orUnavailable<Outcome>(
  engine: Engine,
  connectorId: string,
  work: () => Promise<Outcome>,
): Promise<Outcome | Refused> {
  try {
    return await work();
  } catch (thrown) {
    return refuseUnavailable(engine, connectorId, thrown);
  }
}

/** The refusal for a sender if the platform is unavailable. @throws anything else */
export function refuseUnavailable(engine: Engine, connectorId: string, thrown: unknown): Refused {
  if (!(thrown instanceof RetryableError)) throw thrown;
  engine.log.warn('trigger.unavailable', { connector_id: connectorId, reason: thrown.message });
  return {
    outcome: 'refused',
    reason: 'unavailable',
    detail: 'The event cannot be stored right now. Nothing was started. Try again later.',
    retryAfterSeconds: thrown.retryAfterSeconds,
  };
}

/**
 * Takes many events of one connector that arrived without a request, in order: reads all, then dispatches the accepted.
 *
 * @param move of the connector's cursor, written with the last of the runs if every event is accepted
 * @returns the outcome of each event, and whether the cursor has moved
 * @throws RetryableError when the platform is unavailable; some of the events may be stored then
 */
export async function receiveTriggers<Event>(
  engine: Engine,
  connector: Connector,
  events: readonly Event[],
  move?: CursorMove,
): Promise<ReceivedTriggers> {
  const type = engine.types.get(connector.type);
  const context = receiveContext(engine, connector);
  const received = await Promise.all(
    events.map(async (event) => followChain(engine, await readEvent(type, event, context))),
  );
  const accepted = received.filter((one) => one.outcome === 'accepted');
  const agents = linkedAgents(engine, connector);
  const chosen = await chooseAll(engine, connector, accepted, agents);
  const allAccepted = accepted.length > 0 && accepted.length === events.length;
  const dispatched = await dispatchTriggers(engine, connector, chosen, allAccepted ? move : undefined);
  for (const one of received) {
    if (one.outcome === 'answered') await noteIgnored(engine, connector, one);
  }
  const each = dispatched.values();
  const outcomes = received.map((one) =>
    one.outcome === 'accepted' ? outcomeOf(connector, each.next().value as DispatchOutcome) : one,
  );
  return { outcomes, moved: outcomes.every(({ outcome }) => outcome === 'accepted') };
}

interface ReceivedTriggers {
  /** One per event, in order. */
  readonly outcomes: readonly ReceiveOutcome[];
  /** Whether the cursor has moved, if a move was requested. */
  readonly moved: boolean;
}

/** Takes one event for one connector that arrived without a request; see `receiveTrigger`. */
export function receiveEvent<Event>(
  engine: Engine,
  connector: Connector,
  event: Event,
): Promise<ReceiveOutcome> {
  const type = engine.types.get(connector.type);
  return receiveTrigger(engine, connector, (context) => readEvent(type, event, context));
}

async function readEvent<Event>(
  type: AnyConnectorType | undefined,
  event: Event,
  context: ReceiveContext,
): Promise<Received> {
  if (type?.receive === undefined) throw new Error(`${context.connector.type} receives no events`);
  return type.receive(event, context);
}

/** The context that a type gets with an event. */
export function receiveContext(engine: Engine, connector: Connector): ReceiveContext {
  return {
    connector,
    now: engine.clock(),
    allowPrivateTargets: engine.settings.allowPrivateTargets,
    readJson: engine.readJson,
    readForm: engine.readForm,
    readText: engine.readText,
    readMultipart: engine.readMultipart,
    secrets: () => engine.secrets.get(connector.id),
    admit: (limit?: RateLimit) => admit(engine, connector, limit),
    agents: () => linkedAgents(engine, connector),
    async findRun(runId) {
      const run = await engine.runs.get(runId);
      return run?.connectorId === connector.id ? run : null;
    },
    async cancelRuns(idempotencyKey) {
      for (const runId of (await engine.runs.runsOfKey(connector.id, idempotencyKey)) ?? []) {
        await cancelRun(engine, callerOf(connector), runId);
      }
    },
  };
}

function admit(engine: Engine, connector: Connector, limit: RateLimit | undefined): Refused | null {
  if (!connector.enabled) {
    return { outcome: 'refused', reason: 'connector-disabled', detail: 'This connector is disabled.' };
  }
  if (linkedAgents(engine, connector).length === 0) {
    return { outcome: 'refused', reason: 'no-linked-agents', detail: 'This connector has no linked agents.' };
  }
  if (limit === undefined) return null;
  const taken = engine.rateLimiter.take(connector.id, limit, engine.clock());
  if (taken.allowed) return null;
  return {
    outcome: 'refused',
    reason: 'rate-limited',
    detail: `This connector accepts ${limit.requests} requests per ${limit.perSeconds} seconds.`,
    retryAfterSeconds: taken.retryAfterSeconds,
  };
}

/** The linked agents that the project has; an agent removed from the project gets no run. */
export function linkedAgents(engine: Engine, connector: Connector): AgentSummary[] {
  const linked: AgentSummary[] = [];
  for (const name of connector.agents) {
    const agent = engine.agents.get(name);
    if (agent !== null) linked.push(agent);
  }
  return linked;
}

async function dispatch(engine: Engine, connector: Connector, event: AcceptedEvent): Promise<ReceiveOutcome> {
  if (event.others !== undefined) return dispatchBatch(engine, connector, event, event.others);
  const { agents, draft } = await choose(engine, connector, event);
  // Runs of an agent with limits must wait in the queue, where the runs of all executors count.
  const isSync = connector.mode === 'sync' && agents.length > 0;
  const waits = isSync && (await isHeld(engine, connector, agents));
  const hold = isSync && !waits && agents.every((agent) => isUnlimited(agent));
  const dispatched = await dispatchTrigger(engine, connector, agents, draft, hold);
  const outcome = outcomeOf(connector, dispatched);
  const { reply } = event;
  if (outcome.outcome !== 'accepted' || (!waits && reply === undefined)) return outcome;
  return { ...outcome, waits, ...(reply === undefined ? {} : { reply }) };
}

/** Whether a run of the event would wait in a hold, such as a pause. */
async function isHeld(
  { holds }: Engine,
  connector: Connector,
  agents: readonly AgentSummary[],
): Promise<boolean> {
  const known = await holds.known();
  const isOn = ({ name }: AgentSummary) => holdsOf(known, { agentName: name, connectorId: connector.id });
  return connector.paused !== null || agents.some((agent) => isOn(agent).length > 0);
}

/**
 * Stores each event separately, or none if one does not fit its agents. If one cannot be stored, the whole request is refused: the stored ones are repeats when
 * it comes again.
 */
async function dispatchBatch(
  engine: Engine,
  connector: Connector,
  first: AcceptedEvent,
  others: NonNullable<AcceptedEvent['others']>,
): Promise<ReceiveOutcome> {
  const { arrival, chain } = first;
  const ofAll = { ...(arrival === undefined ? {} : { arrival }), ...(chain === undefined ? {} : { chain }) };
  const events = [first, ...others.map((event) => ({ ...event, ...ofAll }))];
  const chosen = await chooseAll(engine, connector, events, linkedAgents(engine, connector));
  const invalid = (await invalidInputs(engine, connector, chosen)).find((one) => one !== null);
  if (invalid !== undefined) return outcomeOf(connector, invalid);
  const dispatched = await dispatchTriggers(engine, connector, chosen);
  const outcomes = dispatched.map((one) => outcomeOf(connector, one));
  const refused = outcomes.find(({ outcome }) => outcome === 'refused');
  if (refused !== undefined) return refused;
  const accepted = outcomes.filter((one) => one.outcome === 'accepted');
  const scheduledAt = accepted.find((one) => one.scheduledAt !== undefined)?.scheduledAt;
  return {
    outcome: 'accepted',
    connector,
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
    runIds: accepted.flatMap(({ runIds }) => runIds),
    repeated: accepted.every(({ repeated }) => repeated),
    waits: false,
    held: null,
  };
}

/** The agents that a request's event starts, of those that it is for. */
function choose(
  engine: Engine,
  connector: Connector,
  event: AcceptedEvent,
): ChosenDraft | Promise<ChosenDraft> {
  const linked = linkedAgents(engine, connector);
  const { agents: named } = event;
  const agents = named === undefined ? linked : linked.filter(({ name }) => named.includes(name));
  return chooseAgents(engine, connector, draftOf(connector, event), agents);
}

function chooseAll(
  engine: Engine,
  connector: Connector,
  events: readonly AcceptedEvent[],
  agents: readonly AgentSummary[],
): Promise<ChosenDraft[]> {
  return Promise.all(
    events.map((event) => chooseAgents(engine, connector, draftOf(connector, event), agents)),
  );
}

function draftOf({ type }: Connector, event: AcceptedEvent): TriggerDraft {
  const { payload, context, modelInput, warnings, repeat, natural } = event;
  const { origin, arrival, chain, scheduledAt } = event;
  return {
    payload,
    context,
    modelInput,
    warnings,
    repeat,
    natural,
    ...(origin === undefined ? {} : { origin: { type, ...origin } }),
    ...(arrival === undefined ? {} : { arrival }),
    ...(chain === undefined ? {} : { chain }),
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
  };
}

function isUnlimited(agent: AgentSummary): boolean {
  return agent.concurrency === null && slotsOf(agent, null).length === 0;
}

function outcomeOf(connector: Connector, dispatched: DispatchOutcome): AcceptedTrigger | Refused {
  switch (dispatched.outcome) {
    case 'dispatched': {
      const { runs, owner } = dispatched;
      const runIds = runs.map((run) => run.runId);
      return {
        outcome: 'accepted',
        connector,
        runIds,
        agents: runs.map(({ agentName }) => agentName),
        repeated: false,
        waits: false,
        held: owner === null ? null : { runs, owner },
        ...dueTimeOf(runs),
      };
    }
    case 'repeated':
      return {
        outcome: 'accepted',
        connector,
        runIds: dispatched.runIds,
        repeated: true,
        waits: false,
        held: null,
      };
    case 'mismatch':
      return {
        outcome: 'refused',
        reason: 'idempotency-mismatch',
        detail: 'This idempotency key was used with another request.',
      };
    case 'input-invalid':
      return { outcome: 'refused', reason: 'input-invalid', detail: dispatched.detail };
    case 'over-budget':
      return {
        outcome: 'refused',
        reason: 'budget-reached',
        detail: dispatched.detail,
        retryAfterSeconds: dispatched.retryAfterSeconds,
      };
    case 'overloaded':
      return {
        outcome: 'refused',
        reason: 'unavailable',
        detail:
          dispatched.detail ??
          'Too many runs are queued or in progress. Nothing was started. Try again later.',
        retryAfterSeconds: dispatched.retryAfterSeconds,
      };
  }
}

function dueTimeOf([run]: readonly Run[]): Pick<AcceptedTrigger, 'scheduledAt'> {
  const scheduledAt = run?.scheduledAt ?? null;
  return scheduledAt === null ? {} : { scheduledAt };
}

/** How often a connector's history records each kind of ignored event: a sender may send a thousand a minute. */
const notedEveryMs = 3_600_000;

async function noteIgnored(engine: Engine, { id }: Connector, { reason }: Answered): Promise<void> {
  if (reason === null) return;
  const timeMs = engine.clock() - (engine.clock() % notedEveryMs);
  await noteEvent(engine, id, 'event.ignored', { key: reason, timeMs }, reason);
}

/** The refusal for a connector that does not exist, in the words of `unauthorized`. */
export const unknownConnector: Refused = { ...unauthorized, reason: 'unknown-connector' };
