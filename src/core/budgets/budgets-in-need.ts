import type { AttentionItem } from '../attention/attention-item.ts';
import type { Engine } from '../ports/engine.ts';
import { amountText, limitText, resetText } from './budget.ts';
import { unpricedProblem } from './check-budget.ts';
import { type ShownBudget, showBudget } from './show-budget.ts';

/**
 * Budgets that are used up, then those that cannot limit what the project calls since it was loaded, and then those near
 * their limits.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function budgetsInNeed(engine: Engine): Promise<readonly AttentionItem[]> {
  const budgets = await engine.budgets.list();
  const shown = await Promise.all(budgets.map((budget) => showBudget(engine, budget)));
  const unpriced = await Promise.all(shown.map((one) => unpricedItem(engine, one)));
  const reached = shown.filter((one) => isAt(one, 100));
  const near = shown.filter(
    (one) => one.budget.warnAt !== null && !isAt(one, 100) && isAt(one, one.budget.warnAt),
  );
  return [
    ...reached.map((one) =>
      itemOf(one, 'budget-reached', 'Raise the limit, or wait until the budget starts over.'),
    ),
    ...unpriced.filter((item) => item !== null),
    ...near.map((one) =>
      itemOf(one, 'budget-warning', `Raise the limit, or find out which runs use so much.`),
    ),
  ];
}

/** A price list that cannot be read leaves this unknown: the start and each call of a model report it. */
async function unpricedItem(engine: Engine, { budget }: ShownBudget): Promise<AttentionItem | null> {
  const reason = await unpricedProblem(engine, budget).catch(() => null);
  if (reason === null) return null;
  const whatToDo =
    'Calls that have no price fail. Set prices with PRICES_FILE (see docs/models.md), or count tokens instead.';
  const { budgetId: subject, name: title } = budget;
  return { kind: 'budget-unpriced', subject, title, reason, since: null, whatToDo };
}

function isAt({ budget, used }: ShownBudget, percent: number): boolean {
  return used !== null && used >= (budget.limit * percent) / 100;
}

function itemOf(
  { budget, used, resetsAt, heldRuns }: ShownBudget,
  kind: AttentionItem['kind'],
  whatToDo: string,
) {
  const { budgetId, name, measure } = budget;
  const resets = resetsAt === null ? '' : ` It starts over at ${resetText(resetsAt)}.`;
  const waiting = heldRuns === 0 ? '' : ` ${heldRuns} ${heldRuns === 1 ? 'run waits' : 'runs wait'}.`;
  const reason = `${amountText(measure, used ?? 0)} of ${limitText(budget)} used.${waiting}${resets}`;
  return { kind, subject: budgetId, title: name, reason, since: null, whatToDo };
}
