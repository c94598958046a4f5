import type { SentMessage } from './sent-message.ts';

export const deliveryStatuses = ['pending', 'held', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Statuses in which a delivery can be asked for once more; a pending one is then made now. */
export const redeliverable = ['failed', 'held', 'pending', 'delivered'] as const satisfies DeliveryStatus[];
export type Redeliverable = (typeof redeliverable)[number];

export const heldDecisions = ['keep', 'send', 'drop'] as const;

/** What becomes of the results that are held for a connector: they stay held, are sent, or are never sent. */
export type HeldDecision = (typeof heldDecisions)[number];

/** One recorded try of a delivery. */
export interface Attempt {
  /** Unix ms of the start. */
  readonly at: number;
  readonly durationMs: number;
  readonly statusCode: number | null;
  /** One sentence, `null` when the attempt succeeded. */
  readonly error: string | null;
  /** The first 1,000 characters of what the receiver answered. */
  readonly responseExcerpt: string | null;
  /** Headers of the answer, without credentials; absent where there was none. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  /** What was sent; absent where it is what the attempt before has sent, or nothing was. */
  readonly sent?: SentMessage;
}

/** One ended run on its way to one outbound connector. */
export interface Delivery {
  /** Derived from run and connector: a repeat of the plan makes no second delivery. */
  readonly deliveryId: string;
  readonly runId: string;
  readonly agentName: string;
  readonly connectorId: string;
  readonly status: DeliveryStatus;
  /** Why it is held, or was cancelled, in one sentence; `null` otherwise. */
  readonly reason: string | null;
  readonly attempts: readonly Attempt[];
  /** Attempts since the delivery was planned or last redelivered by hand: the place in the retry schedule. */
  readonly attemptsInSchedule: number;
  /** Unix ms; `null` once the delivery has ended. */
  readonly nextAttemptAt: number | null;
  readonly createdAt: number;
}

/** The reason of deliveries that are cancelled with their connector. */
export const connectorDeletedReason = 'The connector was deleted.';
/** The reason of held deliveries that somebody has decided not to send. */
export const droppedReason = 'An operator dropped the delivery.';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits before the second and every later attempt, in ms. The last failure has no wait: the delivery has failed. */
export const retryDelaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  10 * hour,
];

/** A connector all of whose attempts fail for this long is disabled. */
export const disableAfterFailingMs = 5 * 24 * hour;

/** Jitter keeps deliveries that failed together from being attempted together. */
const jitter = 0.2;

/** The longest wait after the `attempt`-th failed attempt (from 1) that the schedule has, in ms. */
export function longestScheduledMs(attempt: number): number {
  return Math.round((retryDelaysMs[attempt - 1] ?? 0) * (1 + jitter));
}

/**
 * How long to wait after the `attempt`-th failed attempt (from 1), in ms: the schedule with +-20% jitter, or what the
 * receiver asked for where that is longer. `null` when the schedule is over.
 * @param random a number in [0, 1)
 */
export function retryDelayMs(attempt: number, random: number, askedForMs = 0): number | null {
  const scheduled = retryDelaysMs[attempt - 1];
  if (scheduled === undefined) return null;
  return Math.max(Math.round(scheduled * (1 - jitter + 2 * jitter * random)), askedForMs);
}
