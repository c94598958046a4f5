import { uuidV7 } from '../identifiers.ts';
import { recordAction } from '../operators/record-action.ts';
import { maxBudgets } from '../ports/budget-store.ts';
import type { Engine } from '../ports/engine.ts';
import { budgetNotFound, type Refusal, refuse, refuseInvalid } from '../refusal.ts';
import { type Budget, limitText } from './budget.ts';
import { type BudgetDraft, budgetProblems, refuseUnpriced } from './check-budget.ts';
import { releaseBudget } from './reached-budget.ts';

type CreateBudgetOutcome =
  | { readonly outcome: 'created'; readonly budget: Budget }
  | Refusal<'invalid-request' | 'name-taken' | 'price-unknown' | 'too-many-budgets'>;

/**
 * Creates a budget. Runs and triggers are counted from now on.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function createBudget(
  engine: Engine,
  actor: string,
  given: BudgetDraft,
): Promise<CreateBudgetOutcome> {
  const draft = { ...given, name: given.name.trim() };
  const problems = await budgetProblems(engine, draft);
  if (problems.length > 0) return refuseInvalid(problems);
  const unpriced = await refuseUnpriced(engine, draft);
  if (unpriced !== null) return unpriced;
  const createdAt = engine.clock();
  const budget: Budget = { budgetId: uuidV7(createdAt, engine.entropy), ...draft, createdAt, version: 1 };
  const created = await engine.budgets.create(budget);
  if (created === 'name-taken') return nameTaken(budget.name);
  if (created === 'too-many') {
    return refuse(
      'too-many-budgets',
      `There are ${maxBudgets} budgets, which is the maximum. Delete one first.`,
    );
  }
  await recordAction(
    engine,
    actor,
    'budget.created',
    budget.budgetId,
    `Created "${budget.name}": ${limitText(budget)}.`,
  );
  return { outcome: 'created', budget };
}

/** What an operator may change; omitted fields stay as they are. Everything else would change what is counted. */
export type BudgetPatch = Partial<Pick<Budget, 'name' | 'limit' | 'warnAt' | 'onLimit'>>;

type ChangeBudgetOutcome =
  | { readonly outcome: 'changed'; readonly budget: Budget }
  | Refusal<'invalid-request' | 'name-taken' | 'budget-not-found' | 'budget-changed'>;

/**
 * Changes a budget. Runs that wait for it go on if it has room now.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function changeBudget(
  engine: Engine,
  actor: string,
  budgetId: string,
  patch: BudgetPatch,
): Promise<ChangeBudgetOutcome> {
  const stored = await findBudget(engine, budgetId);
  if (stored === null) return budgetNotFound(budgetId);
  const budget = {
    ...stored,
    ...patch,
    name: (patch.name ?? stored.name).trim(),
    version: stored.version + 1,
  };
  const problems = await budgetProblems(engine, budget);
  const ofPatch = problems.filter(({ field }) => !field.startsWith('scope'));
  if (ofPatch.length > 0) return refuseInvalid(ofPatch);
  const replaced = await engine.budgets.replace(budget);
  if (replaced === 'missing') return budgetNotFound(budgetId);
  if (replaced === 'name-taken') return nameTaken(budget.name);
  if (replaced === 'changed-meanwhile') {
    return refuse(
      'budget-changed',
      'Another operator has just changed this budget. Look at it again, and repeat the change.',
    );
  }
  await recordAction(
    engine,
    actor,
    'budget.changed',
    budgetId,
    `Changed "${budget.name}": ${limitText(budget)}.`,
  );
  await releaseBudget(engine, budget);
  return { outcome: 'changed', budget };
}

/**
 * Deletes a budget. Runs that wait for it go on.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function deleteBudget(
  engine: Engine,
  actor: string,
  budgetId: string,
): Promise<{ readonly outcome: 'deleted' } | Refusal<'budget-not-found'>> {
  const stored = await findBudget(engine, budgetId);
  if (stored === null || (await engine.budgets.delete(budgetId)) === 'missing')
    return budgetNotFound(budgetId);
  await recordAction(
    engine,
    actor,
    'budget.deleted',
    budgetId,
    `Deleted "${stored.name}": ${limitText(stored)}.`,
  );
  await releaseBudget(engine, stored, 'deleted');
  return { outcome: 'deleted' };
}

/** The budget with this id; `null` if there is none. */
export async function findBudget({ budgets }: Engine, budgetId: string): Promise<Budget | null> {
  return (await budgets.list()).find((budget) => budget.budgetId === budgetId) ?? null;
}

function nameTaken(name: string): Refusal<'name-taken'> {
  return refuse('name-taken', `A budget named "${name}" already exists. Use another name.`);
}
