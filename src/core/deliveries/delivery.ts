import type { OperationalEvent } from '../events/operational-event.ts';
import type { JsonObject } from '../json/json-value.ts';

export const deliveryStatuses = ['pending', 'held', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Statuses in which a delivery can be redelivered; a pending one is then attempted now. */
export const redeliverable = ['failed', 'held', 'pending', 'delivered'] as const satisfies DeliveryStatus[];
export type Redeliverable = (typeof redeliverable)[number];

export const heldDecisions = ['keep', 'send', 'drop'] as const;

/** What happens to results held for a connector: they stay held, are sent, or are never sent. */
export type HeldDecision = (typeof heldDecisions)[number];

/** One recorded try of a delivery. */
export interface Attempt {
  /** Unix ms of the start. */
  readonly at: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  /** One sentence; `null` when the attempt succeeded. */
  readonly error: string | null;
  /** The first 1,000 characters of the receiver's answer. */
  readonly responseExcerpt: string | null;
  /** Headers of the answer, without credentials; absent if there was no answer. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** The sent message; absent if it equals the previous attempt's, or if nothing was sent. */
  readonly sent?: SentMessage;
  /** Of a message in parts: how many have arrived. The next attempt continues there. Absent if there are none. */
  readonly partsSent?: number;
}

/** The result of a run, or what its agent sends, on its way to one outbound connector. */
export interface Delivery {
  /** Derived from what it delivers and the connector, so that doing the same again creates no second delivery. */
  readonly deliveryId: string;
  readonly runId: string;
  readonly agentName: string;
  readonly connectorId: string;
  readonly status: DeliveryStatus;
  /** Why it is held or was cancelled, in one sentence; otherwise `null`. */
  readonly reason: string | null;
  readonly attempts: readonly Attempt[];
  /** Attempts since it was planned or last redelivered by hand: its position in the retry schedule. */
  readonly attemptsInSchedule: number;
  /** Unix ms; `null` once the delivery has ended. */
  readonly nextAttemptAt: number | null;
  readonly createdAt: number;
  /** The event that it delivers in place of a run's result; `runId` is the event's id then. */
  readonly event?: OperationalEvent;
  /** The message that its agent has sent in place of a result; the run may be in progress. */
  readonly message?: JsonObject;
}

/** A run that sends more is probably in a loop. */
export const maxMessagesPerRun = 100;

/** Why deliveries are cancelled when their connector is deleted. */
export const connectorDeletedReason = 'The connector was deleted.';
/** Why held deliveries are cancelled when an operator drops them. */
export const droppedReason = 'An operator dropped the delivery.';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits before the second and later attempts, in ms. The attempt after the last wait is the final one. */
export const retryDelaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  10 * hour,
];

/** A connector is disabled once all its attempts have failed for this long. */
export const disableAfterFailingMs = 5 * 24 * hour;

/** Keeps deliveries that failed together from being attempted together. */
const jitter = 0.2;

/** The longest scheduled wait after the `attempt`-th failed attempt (from 1), in ms. */
export function longestScheduledMs(attempt: number): number {
  return Math.round((retryDelaysMs[attempt - 1] ?? 0) * (1 + jitter));
}

/**
 * How long to wait after the `attempt`-th failed attempt (from 1), in ms: the scheduled wait with +-20% jitter, or the
 * wait that the receiver asked for if that is longer. `null` at the end of the schedule.
 * @param random a number in [0, 1)
 */
export function retryDelayMs(attempt: number, random: number, askedForMs = 0): number | null {
  const scheduled = retryDelaysMs[attempt - 1];
  if (scheduled === undefined) return null;
  return Math.max(Math.round(scheduled * (1 - jitter + 2 * jitter * random)), askedForMs);
}

/** The stored part of a sent message: everything but its body and its credentials. */
export interface SentMessage {
  /** Of an HTTP request; `null` otherwise. */
  readonly method: string | null;
  /** A URL, or the name of a topic, a queue or the like. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Size of the body. */
  readonly bytes: number;
  /** Of the body: shows whether a rebuilt message is the same. */
  readonly sha256: string;
}

/** Whether two attempts sent the same to the same target. Stores may change the order of headers. */
export function isSameMessage(one: SentMessage, other: SentMessage | undefined): boolean {
  if (other === undefined || one.method !== other.method || one.target !== other.target) return false;
  const names = Object.keys(one.headers);
  return (
    one.sha256 === other.sha256 &&
    names.length === Object.keys(other.headers).length &&
    names.every((name) => one.headers[name] === other.headers[name])
  );
}
