import type { Budget } from '../../../core/budgets/budget.ts';
import type { BudgetStore } from '../../../core/ports/budget-store.ts';
import { text } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { usageOfRow } from '../writes/budget-writes.ts';

/** Keeps budgets and their counters in SQLite. This process is the only writer, so the list in memory is never stale. */
export function createBudgetStore(database: Database): BudgetStore {
  const selectAll = database.statement('SELECT record FROM budgets ORDER BY position');
  const selectCounter = database.statement(
    'SELECT used, reserved FROM budget_counters WHERE budget_id = ? AND period_from = ? AND key = ?',
  );
  const selectFullest = database.statement(`
    SELECT used, reserved FROM budget_counters WHERE budget_id = ? AND period_from = ?
    ORDER BY used + reserved DESC LIMIT 1`);
  const read = (): readonly Budget[] => selectAll.all().map((row) => JSON.parse(text(row, 'record')));
  let known: readonly Budget[] | null = null;
  const changed = <Outcome>(outcome: Outcome): Outcome => {
    known = null;
    return outcome;
  };
  const atHand = () => {
    known ??= read();
    return known;
  };
  const usage: BudgetStore['usage'] = async (counters) =>
    counters.map(({ budgetId, from, key }) => {
      const row = selectCounter.get(budgetId, from, key);
      return row === undefined ? { used: 0, reserved: 0 } : usageOfRow(row);
    });
  return {
    list: async () => atHand(),
    inForce: async () => atHand(),
    atHand,
    create: async (budget) => changed(await database.write('createBudget', budget)),
    replace: async (budget) => changed(await database.write('replaceBudget', budget)),
    delete: async (budgetId) => changed(await database.write('deleteBudget', budgetId)),
    reserve: (id, reservations, until) => database.write('reserveBudgets', id, reservations, until),
    settle: (id, settlements) => database.write('settleBudgets', id, settlements),
    usage,
    recentUsage: usage,
    async fullest(budgetId, from) {
      const row = selectFullest.get(budgetId, from);
      return row === undefined ? null : usageOfRow(row);
    },
    settleLapsed: (now) => database.write('settleLapsedBudgets', now),
  };
}
