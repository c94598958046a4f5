import type { Attempt, Delivery, DeliveryStatus } from '../deliveries/delivery.ts';
import type { Page, PageRequest } from './page.ts';

/** Keeps deliveries with their attempts. Throws `RetryableError` when the store is away. */
export interface DeliveryStore {
  /** Stores the deliveries of an ended run, each at most once, and notes that the run is planned. */
  plan(runId: string, deliveries: readonly Delivery[]): Promise<void>;
  get(deliveryId: string): Promise<Delivery | null>;
  list(request: DeliveryQuery): Promise<Page<Delivery>>;
  ofRun(runId: string): Promise<readonly Delivery[]>;
  /** Takes a pending delivery for one attempt, if nobody holds it. `until` is the end of the lease, Unix ms. */
  claim(deliveryId: string, owner: string, now: number, until: number): Promise<Delivery | null>;
  /** Records the attempt of the current holder of the delivery, and its consequences. */
  record(
    deliveryId: string,
    owner: string,
    attempt: Attempt,
    next: AfterAttempt,
  ): Promise<'recorded' | 'lost'>;
  /** Gives a claimed delivery back without an attempt, to be claimed again from `availableAt` on. */
  release(deliveryId: string, owner: string, availableAt: number): Promise<void>;
  /** Holds a claimed delivery back, without an attempt, until somebody decides about it. */
  hold(deliveryId: string, owner: string, reason: string): Promise<'held' | 'lost'>;
  /** Cancels a held delivery. `null` where it is not held, or missing. */
  drop(deliveryId: string, reason: string): Promise<Delivery | null>;
  /** Counts what is held, for one connector or for all. */
  countHeld(connectorId?: string): Promise<HeldCount>;
  /**
   * Makes a delivery due at `now`, at the beginning of its schedule: one that has ended, is held, or waits for its next
   * attempt. `null` where it is due already, or missing.
   */
  redeliver(deliveryId: string, now: number): Promise<Delivery | null>;
  /**
   * Makes a delivery that waits for its next attempt due at `now`; its place in the schedule stays. `false` where it does
   * not wait.
   */
  hurry(deliveryId: string, now: number): Promise<boolean>;
}

export interface HeldCount {
  readonly count: number;
  /** Unix ms at which the oldest of those counted was made; `null` where there is none. */
  readonly oldestAt: number | null;
  /** Whether there are more than were counted. */
  readonly more: boolean;
}

export interface AfterAttempt {
  readonly status: Exclude<DeliveryStatus, 'cancelled' | 'held'>;
  /** Unix ms while `pending`, else `null`. */
  readonly nextAttemptAt: number | null;
}

export interface DeliveryQuery extends PageRequest {
  readonly status?: DeliveryStatus;
  readonly connectorId?: string;
  readonly runId?: string;
  /** Bounds of `createdAt`, Unix ms: from inclusive, to exclusive. */
  readonly from?: number;
  readonly to?: number;
}
