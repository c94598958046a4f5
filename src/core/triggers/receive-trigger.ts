import type { Connector, Mode } from '../connectors/connector.ts';
import type { AnyConnectorType, ModeDescription, Received, Refused } from '../connectors/connector-type.ts';
import { RetryableError } from '../errors.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { RateLimit } from '../ports/rate-limiter.ts';
import type { Run } from '../runs/run.ts';
import { slotsOf } from '../runs/run-lease.ts';
import { type DispatchOutcome, dispatchTrigger, dispatchTriggers } from './dispatch-trigger.ts';

export type ReceiveOutcome =
  | {
      readonly outcome: 'accepted';
      readonly connector: Connector;
      /** In link order. */
      readonly runIds: readonly string[];
      /** The runs of an earlier trigger with the same repeat key or natural key: nothing was started. */
      readonly repeated: boolean;
      /** Runs that the caller holds and has to execute now; `null` where the queue executes them. */
      readonly held: { readonly runs: readonly Run[]; readonly owner: string } | null;
    }
  | Refused;

/**
 * Takes one event for one connector: authenticates, reads, and dispatches it.
 *
 * @param mode the mode that the event was sent to; a connector of another mode counts as unknown
 * @returns `refused` for everything that is the sender's or the configuration's to change, and for a platform that is
 *   away or over capacity; nothing is stored then
 */
export async function receiveTrigger<Event>(
  engine: Engine,
  type: AnyConnectorType,
  mode: Mode,
  connectorId: string,
  event: Event,
): Promise<ReceiveOutcome> {
  try {
    const found = await engine.connectors.get(connectorId);
    const known = found !== null && found.type === type.name && found.mode === mode;
    if (!known && type.modes[mode]?.urlPath === undefined) return asUnknown(unauthorized);
    const connector = known ? found : phantomConnector(type, mode, connectorId);
    const received = await receive(engine, type, connector, event);
    if (received.outcome === 'refused') return known ? received : asUnknown(received);
    return known ? await dispatch(engine, connector, received) : asUnknown(unauthorized);
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw thrown;
    engine.log.warn('trigger.unavailable', { connector_id: connectorId, reason: thrown.message });
    return {
      outcome: 'refused',
      reason: 'unavailable',
      detail: 'The service cannot store the trigger right now. Nothing was started; please try again.',
      retryAfterSeconds: thrown.retryAfterSeconds,
    };
  }
}

/**
 * Takes many events for one inbound connector, in order: reads each, and dispatches all that are accepted together.
 *
 * @returns what came of each event
 * @throws RetryableError when the platform is away; a part of them may be stored then
 */
export async function receiveTriggers<Event>(
  engine: Engine,
  type: AnyConnectorType,
  connectorId: string,
  events: readonly Event[],
): Promise<readonly ReceiveOutcome[]> {
  const connector = await engine.connectors.get(connectorId);
  if (connector === null || connector.type !== type.name || connector.mode !== 'inbound') {
    return events.map(() => asUnknown(unauthorized));
  }
  const received = await Promise.all(events.map((event) => receive(engine, type, connector, event)));
  const accepted = received.filter((one) => one.outcome === 'accepted');
  const dispatched = await dispatchTriggers(engine, connector, linkedAgents(engine, connector), accepted);
  const outcomes = dispatched.values();
  return received.map((one) =>
    one.outcome === 'accepted' ? outcomeOf(connector, outcomes.next().value as DispatchOutcome) : one,
  );
}

async function receive<Event>(
  engine: Engine,
  type: AnyConnectorType,
  connector: Connector,
  event: Event,
): Promise<Received> {
  if (type.receive === undefined) throw new Error(`connector type ${type.name} receives nothing`);
  return type.receive(event, {
    connector,
    now: engine.clock(),
    readJson: engine.readJson,
    secrets: () => engine.secrets.get(connector.id),
    admit: (limit?: RateLimit) => admit(engine, connector, limit),
  });
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
    detail: `This connector takes ${limit.requests} requests per ${limit.perSeconds} seconds.`,
    retryAfterSeconds: taken.retryAfterSeconds,
  };
}

/** The linked agents that the project has; one that was removed from the project makes no run. */
function linkedAgents(engine: Engine, connector: Connector): AgentSummary[] {
  return connector.agents.flatMap((name) => engine.agents.get(name) ?? []);
}

async function dispatch(
  engine: Engine,
  connector: Connector,
  received: Exclude<Received, Refused>,
): Promise<ReceiveOutcome> {
  const agents = linkedAgents(engine, connector);
  // A run of an agent with limits has to wait its turn in the queue, where every executor counts.
  const hold = connector.mode === 'sync' && agents.every((agent) => isUnlimited(agent));
  const dispatched = await dispatchTrigger(engine, connector, agents, received, hold);
  return outcomeOf(connector, dispatched);
}

function isUnlimited(agent: AgentSummary): boolean {
  return agent.concurrency === null && slotsOf(agent, null).length === 0;
}

function outcomeOf(connector: Connector, dispatched: DispatchOutcome): ReceiveOutcome {
  switch (dispatched.outcome) {
    case 'dispatched': {
      const { runs, owner } = dispatched;
      const runIds = runs.map((run) => run.runId);
      return {
        outcome: 'accepted',
        connector,
        runIds,
        repeated: false,
        held: owner === null ? null : { runs, owner },
      };
    }
    case 'repeated':
      return { outcome: 'accepted', connector, runIds: dispatched.runIds, repeated: true, held: null };
    case 'mismatch':
      return {
        outcome: 'refused',
        reason: 'idempotency-mismatch',
        detail: 'This idempotency key was used with another request.',
      };
    case 'overloaded':
      return {
        outcome: 'refused',
        reason: 'unavailable',
        detail: 'Too many runs are waiting or going on. Nothing was started; please try again.',
        retryAfterSeconds: dispatched.retryAfterSeconds,
      };
  }
}

/** The same work and the same words for an unknown connector as for a wrong secret: ids cannot be found by probing. */
function phantomConnector(type: AnyConnectorType, mode: Mode, connectorId: string): Connector {
  return {
    id: connectorId,
    name: '',
    type: type.name,
    mode,
    config: defaultConfig(type.modes[mode]),
    secretFields: [],
    agents: [],
    enabled: true,
    disabledReason: null,
    disabledPeriods: [],
    secretHashes: [],
    failingSince: null,
    failureTally: null,
    version: 0,
    createdAt: 0,
    updatedAt: 0,
  };
}

const defaultConfigs = new WeakMap<ModeDescription, JsonObject>();

/** The configuration of a connector about which nothing was said; made once, as a known connector's is. */
function defaultConfig(mode: ModeDescription | undefined): JsonObject {
  if (mode === undefined) return {};
  const known = defaultConfigs.get(mode);
  if (known !== undefined) return known;
  const config = mode.config.parse({});
  defaultConfigs.set(mode, config);
  return config;
}

/** The refusal of wrong credentials: a type returns it as it is, so that no word tells them from an unknown connector. */
export const unauthorized: Refused = {
  outcome: 'refused',
  reason: 'unauthorized',
  detail: 'There is no such connector, or the credentials are missing or wrong.',
};

function asUnknown(refused: Refused): Refused {
  return refused.reason === 'unauthorized' ? { ...unauthorized, reason: 'unknown-connector' } : refused;
}
