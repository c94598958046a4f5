import type { Attempt, Delivery, DeliveryStatus } from '../deliveries/delivery.ts';
import type { Page, PageRequest } from './page.ts';

/** Keeps deliveries with their attempts. Throws `RetryableError` when the store is unavailable. */
export interface DeliveryStore {
  /** Stores the deliveries of an ended run, each at most once, and records that the run is planned. */
  plan(runId: string, deliveries: readonly Delivery[]): Promise<void>;
  /** Stores deliveries of operational events, each at most once. Their first attempts may begin up to a minute later. */
  add(deliveries: readonly Delivery[]): Promise<void>;
  /**
   * Stores the delivery of a message that a run sends, listed under the run and due at once. If it is stored already,
   * does nothing else. Returns the stored one.
   */
  send(delivery: Delivery): Promise<Delivery>;
  get(deliveryId: string): Promise<Delivery | null>;
  list(request: DeliveryQuery): Promise<Page<Delivery>>;
  ofRun(runId: string): Promise<readonly Delivery[]>;
  /** Claims a pending delivery for one attempt, if it has no owner. `until` is the end of the lease, Unix ms. */
  claim(deliveryId: string, owner: string, now: number, until: number): Promise<Delivery | null>;
  /** Records an attempt and its consequences, for the delivery's current owner. */
  record(
    deliveryId: string,
    owner: string,
    attempt: Attempt,
    next: AfterAttempt,
  ): Promise<'recorded' | 'lost'>;
  /** Releases a claimed delivery without an attempt, to be claimed again from `availableAt` on. */
  release(deliveryId: string, owner: string, availableAt: number): Promise<void>;
  /** Holds a claimed delivery, without an attempt, until an operator decides about it. */
  hold(deliveryId: string, owner: string, reason: string): Promise<'held' | 'lost'>;
  /** Cancels a held delivery. `null` if it is missing or not held. */
  drop(deliveryId: string, reason: string): Promise<Delivery | null>;
  /** Counts held deliveries, of one connector or of all. */
  countHeld(connectorId?: string): Promise<HeldCount>;
  /**
   * Makes a delivery due at `now`, at the beginning of its schedule, if it has ended, is held, or waits for its next
   * attempt. `null` if it is missing or already due.
   */
  redeliver(deliveryId: string, now: number): Promise<Delivery | null>;
  /**
   * Makes a delivery that waits for its next attempt due at `now`; it keeps its position in the schedule. `false` if it
   * does not wait.
   */
  hurry(deliveryId: string, now: number): Promise<boolean>;
}

export interface HeldCount {
  readonly count: number;
  /** Unix ms at which the oldest one counted was created; `null` if there is none. */
  readonly oldestAt: number | null;
  /** Whether there are more than counted. */
  readonly more: boolean;
}

export interface AfterAttempt {
  readonly status: Exclude<DeliveryStatus, 'cancelled' | 'held'>;
  /** Unix ms while `pending`; otherwise `null`. */
  readonly nextAttemptAt: number | null;
}

export interface DeliveryQuery extends PageRequest {
  readonly status?: DeliveryStatus;
  readonly connectorId?: string;
  readonly runId?: string;
  /** Bounds of `createdAt`, Unix ms: `from` is inclusive, `to` exclusive. */
  readonly from?: number;
  readonly to?: number;
}
