import { notifySubscribers } from '../events/notify-subscribers.ts';
import { recordAction } from '../operators/record-action.ts';
import type { CounterState } from '../ports/budget-store.ts';
import type { Engine } from '../ports/engine.ts';
import { amountOf, amountText, type Budget, limitText, unitsOf } from './budget.ts';

/** What a counter passes: the mark for a warning, or the limit. */
type Crossing = 'budget.warning' | 'budget.reached';

/**
 * Notes that a counter has just passed its mark for a warning, or its limit: once per period, since exactly one
 * settlement passes it. For budgets of each run, only the log says it.
 *
 * @param state the counter after the settlement
 * @param used what the settlement has added, in units
 */
export async function noteCrossing(
  engine: Engine,
  budget: Budget,
  state: CounterState,
  used: number,
): Promise<void> {
  const limit = unitsOf(budget.measure, budget.limit);
  const passes = (mark: number) => state.used >= mark && state.used - used < mark;
  if (passes(limit)) await note(engine, budget, 'budget.reached', state.used);
  else if (budget.warnAt !== null && passes((limit * budget.warnAt) / 100))
    await note(engine, budget, 'budget.warning', state.used);
}

async function note(engine: Engine, budget: Budget, crossing: Crossing, units: number): Promise<void> {
  const { budgetId, name, measure, onLimit } = budget;
  const used = amountOf(measure, units);
  engine.log.warn(crossing, {
    budget_id: budgetId,
    budget: name,
    used,
    limit: budget.limit,
    on_limit: onLimit,
  });
  if (budget.period === 'run') return;
  const detail = `The budget "${name}" (${limitText(budget)}) has used ${amountText(measure, used)}.`;
  await recordAction(engine, 'system', crossing, budgetId, detail);
  await notifySubscribers(engine, { type: crossing, summary: detail, about: {} });
}
