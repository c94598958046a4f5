import { holdKeys } from '../control/hold.ts';
import type { Usage } from '../ports/budget-store.ts';
import type { Engine } from '../ports/engine.ts';
import { amountOf, type Budget } from './budget.ts';
import { isSplit, openBudget } from './budgets-of.ts';

/** A budget with its state. */
export interface ShownBudget {
  readonly budget: Budget;
  /**
   * US dollars, tokens or runs, like `reserved`. Of a budget that each session or concurrency key has for itself: of the
   * key that has used the most. `null` for a budget of each run.
   */
  readonly used: number | null;
  readonly reserved: number | null;
  /** Unix ms; `null` for a budget of each run. */
  readonly resetsAt: number | null;
  /** Runs that wait until the budget has room. */
  readonly heldRuns: number;
}

/** @throws RetryableError when the store is unavailable */
export async function showBudget(engine: Engine, budget: Budget): Promise<ShownBudget> {
  const { counter, resetsAt } = openBudget(budget, '', engine.clock());
  const [usage, waiting] = await Promise.all([
    usageOf(engine, budget, counter.from),
    engine.holds.waiting(holdKeys.budget(budget.budgetId)),
  ]);
  const amount = (units: number | undefined) =>
    units === undefined ? null : amountOf(budget.measure, units);
  return {
    budget,
    used: amount(usage?.used),
    reserved: amount(usage?.reserved),
    resetsAt,
    heldRuns: waiting.count,
  };
}

async function usageOf({ budgets }: Engine, budget: Budget, from: number): Promise<Usage | undefined> {
  if (budget.period === 'run') return undefined;
  if (isSplit(budget)) return (await budgets.fullest(budget.budgetId, from)) ?? { used: 0, reserved: 0 };
  return (await budgets.usage([{ budgetId: budget.budgetId, from, key: '' }]))[0];
}
