import type { Budget } from '../budgets/budget.ts';

/**
 * Keeps budgets and counts what runs use of them. Counters are exact: whatever happens at the same time, none passes its
 * limit by more than one reservation. Every method throws `RetryableError` when the store is unavailable.
 */
export interface BudgetStore {
  /** All budgets, oldest first. */
  list(): Promise<readonly Budget[]>;
  /** The budgets for runs and triggers; may be a few seconds old, and then costs no read. */
  inForce(): Promise<readonly Budget[]>;
  /** The budgets that are known without a call of the store, for the path of every event. */
  atHand(): readonly Budget[];
  create(budget: Budget): Promise<'created' | 'name-taken' | 'too-many'>;
  /** Writes `budget` if the stored version directly precedes it. */
  replace(budget: Budget): Promise<'replaced' | 'name-taken' | 'changed-meanwhile' | 'missing'>;
  /** Removes the budget and forgets what it has counted. */
  delete(budgetId: string): Promise<'deleted' | 'missing'>;
  /**
   * Reserves every amount, or none. An amount is reserved if it fits under the limit; or if nothing else is reserved and
   * the limit is not reached, so that a budget can be used up.
   *
   * @param reservationId a repeated call with the same id changes nothing
   * @param until when the reservation lapses, Unix ms: what nobody has settled by then counts as used
   */
  reserve(reservationId: string, reservations: readonly Reservation[], until: number): Promise<Reserved>;
  /**
   * Replaces reservations with what was used.
   * @returns the counters after that; without those whose reservation had lapsed
   */
  settle(reservationId: string, settlements: readonly Settlement[]): Promise<readonly CounterState[]>;
  /** The counters, in order; zero if nothing was counted. */
  usage(counters: readonly Counter[]): Promise<readonly Usage[]>;
  /** The same, a few seconds old at most. */
  recentUsage(counters: readonly Counter[]): Promise<readonly Usage[]>;
  /** The fullest of the counters that a budget has for each session or key in a period; `null` if there is none. */
  fullest(budgetId: string, from: number): Promise<Usage | null>;
  /**
   * Counts reservations that have lapsed by `now` (Unix ms) as used, and removes counters that have expired. An engine may
   * count those of single keys only when the key is used next, and those of past periods never: they decide nothing.
   */
  settleLapsed(now: number): Promise<void>;
}

/** What one budget counts in one period. */
export interface Counter {
  readonly budgetId: string;
  /** When the period began, Unix ms; 0 for a budget of each run. */
  readonly from: number;
  /** Of a budget that each run, session or concurrency key has for itself: which one. Otherwise empty. */
  readonly key: string;
}

export interface Reservation {
  readonly counter: Counter;
  /** Units, see `unitsOf`. */
  readonly amount: number;
  /** Units. */
  readonly limit: number;
  /** When the counter is no longer needed, Unix ms. */
  readonly expiresAt: number;
}

export type Reserved =
  | { readonly outcome: 'reserved' }
  /** The `at`-th reservation (from 0) does not fit; nothing was reserved. */
  | { readonly outcome: 'refused'; readonly at: number; readonly usage: Usage };

export interface Settlement {
  readonly counter: Counter;
  /** Units that were reserved. */
  readonly reserved: number;
  /** Units that were used. */
  readonly used: number;
}

/** Units. */
export interface Usage {
  readonly used: number;
  readonly reserved: number;
}

export interface CounterState extends Usage {
  readonly counter: Counter;
}

/** More budgets than anybody keeps an eye on. */
export const maxBudgets = 100;
