/** What a budget counts: US dollars and tokens of model calls, or runs. */
export const budgetMeasures = ['usd', 'tokens', 'runs'] as const;
export type BudgetMeasure = (typeof budgetMeasures)[number];

/** How long a budget counts before it starts over: the time of one run, or a part of the calendar. */
export const budgetPeriods = ['run', 'hour', 'day', 'month'] as const;
export type BudgetPeriodName = (typeof budgetPeriods)[number];

/**
 * What happens at the limit. `hold`: runs wait. `refuse`: so do they, and new triggers are refused. `stop`: runs end with
 * `budget-exceeded`, and new triggers are refused.
 */
export const limitActions = ['hold', 'refuse', 'stop'] as const;
export type LimitAction = (typeof limitActions)[number];

export const budgetScopes = ['deployment', 'agent', 'connector', 'session', 'concurrency'] as const;

/** Whose runs a budget counts. */
export interface BudgetScope {
  readonly type: (typeof budgetScopes)[number];
  /**
   * An agent's name, a connector's id, or the value of a session key or concurrency key. `null` for the deployment, and
   * for a budget that each session or concurrency key has for itself.
   */
  readonly id: string | null;
}

/** A limit for what runs may use. */
export interface Budget {
  readonly budgetId: string;
  readonly name: string;
  readonly scope: BudgetScope;
  readonly measure: BudgetMeasure;
  readonly period: BudgetPeriodName;
  /** IANA name; hours, days and months begin in this zone. */
  readonly timeZone: string;
  /** US dollars, tokens or runs. */
  readonly limit: number;
  /** Percent of the limit; `null` for no warning. */
  readonly warnAt: number | null;
  readonly onLimit: LimitAction;
  /** Unix ms. */
  readonly createdAt: number;
  /** Counts changes, from 1. */
  readonly version: number;
}

/** Counters are whole numbers, so that sums are exact: dollars are counted in billionths. */
const unitsPerDollar = 1_000_000_000;

/** An amount in whole units: billionths of a dollar (rounded up), tokens, or runs. */
export function unitsOf(measure: BudgetMeasure, amount: number): number {
  return Math.ceil(measure === 'usd' ? Number((amount * unitsPerDollar).toPrecision(15)) : amount);
}

/** The amount that `units` stand for. */
export function amountOf(measure: BudgetMeasure, units: number): number {
  return measure === 'usd' ? units / unitsPerDollar : units;
}

/** "$1.50", "2,000 tokens", "1 run". */
export function amountText(measure: BudgetMeasure, amount: number): string {
  if (measure === 'usd')
    return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 })}`;
  return `${amount.toLocaleString('en-US')} ${amount === 1 ? measure.slice(0, -1) : measure}`;
}

/** The limit in words: "$5.00 a day". */
export function limitText({ measure, limit, period }: Pick<Budget, 'measure' | 'limit' | 'period'>): string {
  return `${amountText(measure, limit)} ${period === 'hour' ? 'an' : 'a'} ${period}`;
}

/** When a budget starts over: "2026-11-29 00:00 UTC". @param at Unix ms */
export function resetText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
