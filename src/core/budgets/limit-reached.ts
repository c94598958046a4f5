import { holdKeys } from '../control/hold.ts';
import { type Budget, limitText } from './budget.ts';
import type { OpenBudget } from './budgets-of.ts';

/** The budget whose hold has this key; `null` if it is another hold. */
export function budgetOfHold(key: string): string | null {
  const prefix = holdKeys.budget('');
  return key.startsWith(prefix) ? key.slice(prefix.length) : null;
}

/** Whether runs end at the limit instead of waiting. A budget of each run has nothing to wait for. */
export function endsRuns({ onLimit, period }: Budget): boolean {
  return onLimit === 'stop' || period === 'run';
}

/** Why a run does not go on, in one sentence without a period. */
export function reachedText({ budget, resetsAt }: Pick<OpenBudget, 'budget' | 'resetsAt'>): string {
  const until = resetsAt === null ? '' : `; it starts over at ${new Date(resetsAt).toISOString()}`;
  return `The budget "${budget.name}" (${limitText(budget)}) is used up${until}`;
}
