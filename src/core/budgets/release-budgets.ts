import { holdKeys } from '../control/hold.ts';
import type { Engine } from '../ports/engine.ts';
import { type Budget, unitsOf } from './budget.ts';
import { periodAt } from './budget-period.ts';
import { isSplit } from './budgets-of.ts';
import { budgetOfHold, endsRuns } from './limit-reached.ts';

/**
 * Lets runs go on that wait for budgets with room: because a period has begun, or calls have used less than they had
 * reserved. Also counts what killed calls had reserved. Engines call it from time to time.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function releaseBudgets(engine: Engine): Promise<void> {
  const { budgets, holds, clock } = engine;
  const all = await budgets.list();
  if (all.length > 0) await budgets.settleLapsed(clock());
  for (const { key, since, drainingSince } of (await holds.known()).values()) {
    const budgetId = budgetOfHold(key);
    if (budgetId === null || drainingSince !== null) continue;
    const budget = all.find((one) => one.budgetId === budgetId);
    if (budget === undefined || (await hasRoom(engine, budget, since))) await letGo(engine, budgetId);
  }
}

/**
 * Lets the runs go on that wait for a budget which was just changed, if it has room now, or deleted.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function releaseBudget(engine: Engine, budget: Budget, state?: 'deleted'): Promise<void> {
  if (state === 'deleted' || isSplit(budget) || endsRuns(budget) || (await hasRoom(engine, budget, null)))
    await letGo(engine, budget.budgetId);
}

/** @param heldSince when the first run began to wait, Unix ms; `null` if that does not matter */
async function hasRoom(
  { budgets, clock }: Engine,
  budget: Budget,
  heldSince: number | null,
): Promise<boolean> {
  const { from } = periodAt(budget, clock());
  // Of a budget that each key has for itself, one key may be used up while the others are not.
  if (isSplit(budget)) return heldSince !== null && heldSince < from;
  const [usage] = await budgets.usage([{ budgetId: budget.budgetId, from, key: '' }]);
  return (usage?.used ?? 0) < unitsOf(budget.measure, budget.limit);
}

async function letGo({ holds, clock }: Engine, budgetId: string): Promise<void> {
  const key = holdKeys.budget(budgetId);
  const now = clock();
  if (await holds.drain(key, null, now)) await holds.release(key, now, now + holds.windowMs);
}
