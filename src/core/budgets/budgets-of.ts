import type { AgentCatalog } from '../ports/agent-catalog.ts';
import type { Counter } from '../ports/budget-store.ts';
import type { Budget } from './budget.ts';
import { periodAt } from './budget-period.ts';

/** Who uses a budget: a run, with everything that a scope can name. */
export interface Spender {
  /** `null` before the run exists. */
  readonly runId: string | null;
  /** The run's agent and, if that is sequential, its steps. */
  readonly agents: readonly string[];
  readonly connectorId: string | null;
  /** `null` if the run has none, or it is not known yet. */
  readonly sessionKey: string | null;
  readonly concurrencyKey: string | null;
}

/** A budget and the counter that a spender uses of it now. */
export interface OpenBudget {
  readonly budget: Budget;
  readonly counter: Counter;
  /** When the counter starts over, Unix ms; `null` if it does not. */
  readonly resetsAt: number | null;
  /** When the counter is no longer needed, Unix ms. */
  readonly expiresAt: number;
}

/** A counter outlives its period by a week: a call that began in it may end later, and people look back. */
const keptAfterMs = 7 * 86_400_000;

/** The budgets that count what the spender uses at `now` (Unix ms). */
export function budgetsOf(budgets: readonly Budget[], spender: Spender, now: number): readonly OpenBudget[] {
  return budgets
    .filter((budget) => applies(budget, spender))
    .map((budget) => openBudget(budget, keyOf(budget, spender), now));
}

/** The counter of a budget for a key at `now` (Unix ms). */
export function openBudget(budget: Budget, key: string, now: number): OpenBudget {
  const { from, until } = periodAt(budget, now);
  const counter = { budgetId: budget.budgetId, from, key };
  return { budget, counter, resetsAt: until, expiresAt: (until ?? now) + keptAfterMs };
}

/** An agent with all agents that its runs call as steps. */
export function agentsWithSteps(agents: AgentCatalog, agentName: string): readonly string[] {
  const names = new Set([agentName]);
  // A set visits the names that are added meanwhile.
  for (const name of names) for (const step of agents.get(name)?.steps ?? []) names.add(step);
  return [...names];
}

/** Whether every run, session or concurrency key has the budget for itself. */
export function isSplit({ period, scope }: Budget): boolean {
  return (
    period === 'run' || ((scope.type === 'session' || scope.type === 'concurrency') && scope.id === null)
  );
}

function applies({ scope, period }: Budget, spender: Spender): boolean {
  if (period === 'run' && spender.runId === null) return false;
  const isNamed = (value: string | null) => value !== null && (scope.id === null || scope.id === value);
  switch (scope.type) {
    case 'deployment':
      return true;
    case 'agent':
      return scope.id !== null && spender.agents.includes(scope.id);
    case 'connector':
      return isNamed(spender.connectorId);
    case 'session':
      return isNamed(spender.sessionKey);
    case 'concurrency':
      return isNamed(spender.concurrencyKey);
  }
}

function keyOf(budget: Budget, { runId, sessionKey, concurrencyKey }: Spender): string {
  if (budget.period === 'run') return runId ?? '';
  if (!isSplit(budget)) return '';
  return (budget.scope.type === 'session' ? sessionKey : concurrencyKey) ?? '';
}
