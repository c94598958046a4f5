import type { WireBudget } from '../../api/contract/index.ts';
import { amountText, limitText } from '../../core/budgets/budget.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { localTime, timeText } from '../time-text.ts';

/** Budgets as a table; a hint if there are none. */
export function budgetTable(budgets: readonly WireBudget[], paint: Colours): string {
  if (budgets.length === 0) {
    return 'No budgets yet. Create one: npx connectors budgets create <name> --limit <amount>';
  }
  return table(
    ['NAME', 'COUNTS', 'LIMIT', 'USED', 'RESETS', 'AT THE LIMIT', 'WAITING', 'ID'],
    budgets.map((budget) => [
      printable(budget.name),
      printable(scopeText(budget)),
      limitText(budget),
      usedText(budget, paint),
      localTime(budget.resets_at),
      budget.on_limit,
      String(budget.held_runs),
      budget.id,
    ]),
    paint,
  );
}

/** All details of one budget. */
export function budgetFacts(budget: WireBudget, paint: Colours): string {
  const { measure, reserved, warn_at } = budget;
  return facts(
    [
      ['name', paint.bold(printable(budget.name))],
      ['id', budget.id],
      ['counts', printable(scopeText(budget))],
      ['limit', `${limitText(budget)} (${budget.time_zone})`],
      ['used', usedText(budget, paint)],
      ['reserved', reserved === null ? null : amountText(measure, reserved)],
      ['resets', budget.resets_at && timeText(budget.resets_at)],
      ['warning', warn_at === null ? 'none' : `from ${warn_at}% on`],
      ['at the limit', atTheLimit[budget.on_limit]],
      ['waiting runs', String(budget.held_runs)],
      ['created', timeText(budget.created_at)],
    ],
    paint,
  );
}

const atTheLimit = {
  hold: 'hold: runs wait',
  refuse: 'refuse: new triggers are refused, and accepted runs wait',
  stop: 'stop: new triggers are refused, and runs end',
};

function scopeText({ scope: { type, id }, period }: WireBudget): string {
  if (type === 'deployment') return period === 'run' ? 'each run' : 'all runs';
  const subject = id === null ? `each ${keys[type] ?? type}` : `${keys[type] ?? type} ${id}`;
  return period === 'run' ? `each run of ${subject}` : subject;
}

const keys: Readonly<Record<string, string>> = { session: 'session key', concurrency: 'concurrency key' };

function usedText({ measure, limit, used, warn_at }: WireBudget, paint: Colours): string {
  if (used === null) return '-';
  const share = Math.floor((used / limit) * 100);
  const text = `${amountText(measure, used)} (${share}%)`;
  if (used >= limit) return paint.red(text);
  return warn_at !== null && share >= warn_at ? paint.yellow(text) : text;
}
