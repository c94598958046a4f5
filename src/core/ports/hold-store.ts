import type { Hold } from '../control/hold.ts';
import type { Delivery } from '../deliveries/delivery.ts';
import type { Slot } from './run-store.ts';

/**
 * Keeps holds, and the runs that wait in them: those are queued, but are not offered to executors and do not count for
 * the limit of the queue. Every method throws `RetryableError` when the store is unavailable.
 */
export interface HoldStore {
  /** How far ahead `release` must look, so that the engine's next call of it comes in time. */
  readonly windowMs: number;
  /** How long the store can keep a run that waits; `null`: without limit. */
  readonly keptMs: number | null;
  /** How old what `known` tells may be, in ms. */
  readonly knownForMs: number;
  /** All holds by key, at most `knownForMs` old. */
  known(): Promise<ReadonlyMap<string, Hold>>;
  /**
   * The holds in which new runs wait from the start, known without a call of the store; empty in an engine that holds
   * runs only when they are to start.
   */
  atHand(): ReadonlyMap<string, Hold>;
  /** All holds as they are now. */
  list(): Promise<readonly Hold[]>;
  /** Begins a hold. An existing one with this key holds everything again, and has these values. */
  begin(hold: Omit<Hold, 'drainingSince'>): Promise<void>;
  /**
   * Ends a hold: its runs go on, in order, as `release` lets them. The hold is gone once none waits. Repeated, it changes
   * the rate. `false` if there is no such hold.
   *
   * @param perMinute `null`: all at once
   */
  drain(key: string, perMinute: number | null, now: number): Promise<boolean>;
  /**
   * Makes a queued run wait in a hold, in the place that it has by when it was queued. Its places in the slots go to
   * others. A run whose lease has lapsed by `now` (Unix ms) waits, too: its attempt was interrupted.
   *
   * @returns `free` if the hold has ended, or has let the run go on: the caller goes on with it
   */
  holdRun(runId: string, key: string, slots: readonly Slot[], now: number): Promise<'held' | 'free'>;
  /**
   * Makes a claimed delivery wait in a hold, as `held` with the reason of the hold, in the place of its creation.
   *
   * @param owner who has claimed it
   * @returns `free` if the hold has ended, or has let the delivery go on: the caller goes on with it
   */
  holdDelivery(delivery: Delivery, owner: string, hold: Hold): Promise<'held' | 'free'>;
  /**
   * Lets the next runs or deliveries of an ended hold go on: those that its rate allows from `now` until `until`, Unix ms, each at
   * its time. The remaining ones keep their order.
   */
  release(key: string, now: number, until: number): Promise<Released>;
  /** Ids of the runs with the longest wait in a hold, longest first, at most `limit`. */
  longestWaiting(key: string, limit: number): Promise<readonly string[]>;
  /** What waits in a hold. */
  waiting(key: string): Promise<Waiting>;
}

export interface Released {
  /** Runs or deliveries. */
  readonly runs: number;
  /** Whether there may be more to release until then. */
  readonly more: boolean;
}

export interface Waiting {
  readonly count: number;
  /** Unix ms at which the run with the longest wait was queued; `null` if none waits. */
  readonly oldestQueuedAt: number | null;
  /** Whether more wait than are counted. */
  readonly more: boolean;
}
