import type { UsedConnection } from '../connections/named-connection.ts';
import type { HeldDecision } from '../deliveries/delivery.ts';
import { eventLink, operationalEventTypes } from '../events/operational-event.ts';
import type { ConnectorConditions } from '../filters/connector-conditions.ts';
import type { JsonObject } from '../json/json-value.ts';

export const modes = ['inbound', 'sync', 'outbound'] as const;

/** How a connector works: queue the runs, wait for their result, or deliver ended runs. */
export type Mode = (typeof modes)[number];

export const deliveryModes = ['automatic', 'tool', 'code'] as const;

/**
 * What an outbound connector delivers: the results of its agents' runs, or only what these agents choose to send, by a
 * tool of the model or by their code.
 */
export type DeliveryMode = (typeof deliveryModes)[number];

/** How agents send to an outbound connector that delivers no results. */
export interface ByChoice {
  readonly by: Exclude<DeliveryMode, 'automatic'>;
  /** One sentence for the model: what it sends. */
  readonly description: string;
  /**
   * JSON Schema of the type's message. Stored with the connector, because functions that execute agents contain no
   * connector types.
   */
  readonly parameters: JsonObject;
}

/** A secret as the hot path knows it: never the text, only its SHA-256. */
export interface SecretHash {
  /** base64url of the SHA-256 of the secret's UTF-8 bytes. */
  readonly sha256: string;
  /** Unix ms after which a rotated secret is no longer accepted; `null` for the current one. */
  readonly expiresAt: number | null;
}

/** A period in which a connector was disabled. */
export interface DisabledPeriod {
  /** Unix ms, inclusive. */
  readonly from: number;
  /** Unix ms, exclusive; `null` until it ends. */
  readonly until: number | null;
  /** Why results of this period are held, in one sentence. */
  readonly reason: string;
  /** What was decided about these results when the period ended. */
  readonly decision: HeldDecision;
}

/** The file of a connector that comes from code, and what it said when it was applied last. */
export interface CodeOrigin {
  /** Name of the file in `connectors/`, without its extension. */
  readonly key: string;
  /** The fields that the file decides, as they were stored; without secrets (see `core/code/code-state.ts`). */
  readonly applied: JsonObject;
}

/** One configured instance of a connector type, with its links. */
export interface Connector {
  /** UUIDv4, so that ids cannot be found by counting. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly mode: Mode;
  /** Valid for the type's schema; without the secret fields, which are in the secret store. */
  readonly config: JsonObject;
  /** Names of the secret configuration fields that have a value in the secret store. */
  readonly secretFields: readonly string[];
  /** What it has from a named connection; `null` if it gives its whole configuration itself. */
  readonly connection: UsedConnection | null;
  /** Linked agents, in link order. */
  readonly agents: readonly string[];
  /** Which events, or which results, it wants; absent if all. */
  readonly conditions?: ConnectorConditions;
  /** Outbound: delivers only what its agents send; absent if it delivers the results of their runs. */
  readonly byChoice?: ByChoice | undefined;
  readonly enabled: boolean;
  /** Why the product disabled the connector; `null` while it is enabled, or if an operator disabled it. */
  readonly disabledReason: string | null;
  /** When it was disabled, oldest first. Delivery depends on when a run ended, not on when it is planned. */
  readonly disabledPeriods: readonly DisabledPeriod[];
  /** Who paused it and when, Unix ms; `null` while it is not paused. What waits, waits in a hold. */
  readonly paused: { readonly since: number; readonly by: string } | null;
  readonly secretHashes: readonly SecretHash[];
  /** Outbound: Unix ms of the first failed attempt since the last success; `null` when the last attempt succeeded. */
  readonly failingSince: number | null;
  /** Outbound: decides when it is disabled; `null` whenever `failingSince` is. */
  readonly failureTally: FailureTally | null;
  /** Absent if it does not come from code. */
  readonly code?: CodeOrigin;
  /** Increases with every change; writers name the version they have read. */
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The names under which a connector is found: its agents, and the events to which it subscribes. */
export function linkNames({ agents, mode, config }: Connector): readonly string[] {
  const { events } = config;
  if (mode !== 'outbound' || !Array.isArray(events)) return agents;
  return [...agents, ...operationalEventTypes.filter((type) => events.includes(type)).map(eventLink)];
}

/** The condition of a link; `null` if it has none. */
export function conditionOf({ conditions }: Pick<Connector, 'conditions'>, agentName: string): string | null {
  const links = conditions?.links ?? {};
  return Object.hasOwn(links, agentName) ? (links[agentName] ?? null) : null;
}

/** The links: names, with the condition of those that have one. */
export function linksOf(connector: Connector): (string | { name: string; when: string })[] {
  return connector.agents.map((name) => {
    const when = conditionOf(connector, name);
    return when === null ? name : { name, when };
  });
}

/** How long all observed deliveries to a connector have failed. */
interface FailureTally {
  readonly failedMs: number;
  /** Unix ms of the failure counted last. */
  readonly countedAt: number;
  /** Why the attempt counted last failed, in one sentence; absent if an earlier version counted it. */
  readonly reason?: string | undefined;
}

const hourMs = 3_600_000;

/** Failures in quicker succession count together, because each count is a write. */
const countedEveryMs = hourMs;
/** The same for failures with a new reason, which an operator wants to see. */
const reasonNotedEveryMs = 60_000;
/**
 * The most that counts between two failures. The longest wait of the retry schedule is 12 hours; a longer gap means
 * that nothing was attempted, or that the clock was set.
 */
const longestGapMs = 24 * hourMs;

/**
 * Counts a failed attempt. If the clock jumps forward, it adds a day at most; if it goes back, it adds nothing.
 *
 * @param reason why it failed, in one sentence
 * @param now Unix ms
 * @returns `tally` itself if the failure counts together with the one before
 */
export function tallyFailure(tally: FailureTally | null, reason: string, now: number): FailureTally {
  if (tally === null) return { failedMs: 0, countedAt: now, reason };
  const elapsedMs = now - tally.countedAt;
  const countsTogetherMs = reason === tally.reason ? countedEveryMs : reasonNotedEveryMs;
  if (elapsedMs >= 0 && elapsedMs < countsTogetherMs) return tally;
  const countedMs = Math.min(Math.max(elapsedMs, 0), longestGapMs);
  return { failedMs: tally.failedMs + countedMs, countedAt: now, reason };
}
