import { holdKeys } from '../control/hold.ts';
import type { AgentCatalog } from '../ports/agent-catalog.ts';
import type { Counter } from '../ports/budget-store.ts';
import { type Budget, limitText, resetText } from './budget.ts';

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

/** A part of the calendar, in Unix ms: `from` is inclusive, `until` exclusive. */
export interface BudgetPeriod {
  readonly from: number;
  /** `null` if the period does not end by the calendar. */
  readonly until: number | null;
}

const hourMs = 3_600_000;

/** The period of a budget that contains `now` (Unix ms). */
export function periodAt(
  { period, timeZone }: Pick<Budget, 'period' | 'timeZone'>,
  now: number,
): BudgetPeriod {
  if (period === 'run') return { from: 0, until: null };
  const local = new Date(now + offsetAt(timeZone, now));
  if (period === 'hour') {
    const from = now - (local.getTime() % hourMs);
    return { from, until: from + hourMs };
  }
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  return period === 'day'
    ? { from: startOfDay(timeZone, year, month, day), until: startOfDay(timeZone, year, month, day + 1) }
    : { from: startOfDay(timeZone, year, month, 1), until: startOfDay(timeZone, year, month + 1, 1) };
}

/** Whether the platform knows the time zone. */
export function isTimeZone(name: string): boolean {
  try {
    formatFor(name);
    return true;
  } catch {
    return false;
  }
}

/** The moment at which a day begins in a zone: the offset may differ from that of the same clock time in UTC. */
function startOfDay(timeZone: string, year: number, month: number, day: number): number {
  const local = Date.UTC(year, month, day);
  const near = local - offsetAt(timeZone, local);
  return local - offsetAt(timeZone, near);
}

/** How far the zone's clocks are ahead of UTC, in ms. */
function offsetAt(timeZone: string, timeMs: number): number {
  const whole = Math.floor(timeMs / 1_000) * 1_000;
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - whole;
}

/** Creating a format takes longer than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, calendar: 'gregory', hourCycle: 'h23', era: undefined },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  formats.set(timeZone, format);
  return format;
}

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
  const until = resetsAt === null ? '' : `; it starts over at ${resetText(resetsAt)}`;
  return `The budget "${budget.name}" (${limitText(budget)}) is used up${until}`;
}
