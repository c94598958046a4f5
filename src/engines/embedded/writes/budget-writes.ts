import type { Budget } from '../../../core/budgets/budget.ts';
import {
  type Counter,
  type CounterState,
  maxBudgets,
  type Reservation,
  type Reserved,
  type Settlement,
} from '../../../core/ports/budget-store.ts';
import { type Connection, number, type Row, text } from '../store/connection.ts';

/** Writes to budgets and their counters. One thread writes, so each operation sees the result of all before. */
export function budgetWrites(connection: Connection) {
  return { ...recordWrites(connection), ...counterWrites(connection) };
}

function recordWrites(connection: Connection) {
  const countAll = connection.statement('SELECT count(*) AS budgets FROM budgets');
  const selectNamed = connection.statement('SELECT budget_id FROM budgets WHERE name = ? AND budget_id <> ?');
  const insert = connection.statement(
    'INSERT INTO budgets (budget_id, name, version, record) VALUES (?, ?, ?, ?)',
  );
  const selectVersion = connection.statement('SELECT version FROM budgets WHERE budget_id = ?');
  const update = connection.statement(
    'UPDATE budgets SET name = ?, version = ?, record = ? WHERE budget_id = ?',
  );
  const remove = ['budgets', 'budget_counters', 'budget_reservations'].map((table) =>
    connection.statement(`DELETE FROM ${table} WHERE budget_id = ?`),
  );
  const isTaken = ({ name, budgetId }: Budget) => selectNamed.get(name, budgetId) !== undefined;
  return {
    createBudget(budget: Budget): 'created' | 'name-taken' | 'too-many' {
      if (isTaken(budget)) return 'name-taken';
      if (number(countAll.get() ?? { budgets: 0 }, 'budgets') >= maxBudgets) return 'too-many';
      insert.run(budget.budgetId, budget.name, budget.version, JSON.stringify(budget));
      return 'created';
    },
    /** Writes `budget` if the stored version directly precedes it. */
    replaceBudget(budget: Budget): 'replaced' | 'name-taken' | 'changed-meanwhile' | 'missing' {
      const row = selectVersion.get(budget.budgetId);
      if (row === undefined) return 'missing';
      if (number(row, 'version') !== budget.version - 1) return 'changed-meanwhile';
      if (isTaken(budget)) return 'name-taken';
      update.run(budget.name, budget.version, JSON.stringify(budget), budget.budgetId);
      return 'replaced';
    },
    deleteBudget(budgetId: string): 'deleted' | 'missing' {
      const removed = remove.map((statement) => statement.run(budgetId));
      return removed[0] === 0 ? 'missing' : 'deleted';
    },
  };
}

/** Counters that are removed at a time; the rest waits for the next call. */
const maxRemoved = 1_000;

function counterWrites(connection: Connection) {
  const isOf = 'budget_id = ? AND period_from = ? AND key = ?';
  const select = connection.statement(`SELECT used, reserved FROM budget_counters WHERE ${isOf}`);
  const add = connection.statement(`
    INSERT INTO budget_counters (budget_id, period_from, key, used, reserved, expires_at) VALUES (?, ?, ?, 0, ?, ?)
    ON CONFLICT DO UPDATE SET reserved = reserved + excluded.reserved, expires_at = excluded.expires_at`);
  const move = connection.statement(`
    UPDATE budget_counters SET reserved = reserved - ?, used = used + ? WHERE ${isOf} RETURNING used, reserved`);
  const selectKnown = connection.statement(
    'SELECT 1 FROM budget_reservations WHERE reservation_id = ? LIMIT 1',
  );
  const insert = connection.statement(`
    INSERT INTO budget_reservations (reservation_id, budget_id, period_from, key, amount, until)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const take = connection.statement(
    `DELETE FROM budget_reservations WHERE reservation_id = ? AND ${isOf} RETURNING amount`,
  );
  const takeLapsed = connection.statement(
    'DELETE FROM budget_reservations WHERE until <= ? RETURNING budget_id, period_from, key, amount',
  );
  const removeExpired = connection.statement(`
    DELETE FROM budget_counters WHERE (budget_id, period_from, key) IN (
      SELECT budget_id, period_from, key FROM budget_counters WHERE expires_at <= ? LIMIT ${maxRemoved})`);

  const usageOf = (counter: Counter) => {
    const row = select.get(...placeOf(counter));
    return row === undefined ? { used: 0, reserved: 0 } : usageOfRow(row);
  };
  const fits = ({ counter, amount, limit }: Reservation) => {
    const { used, reserved } = usageOf(counter);
    return used + reserved + amount <= limit || (reserved === 0 && used < limit);
  };
  return {
    reserveBudgets(reservationId: string, reservations: readonly Reservation[], until: number): Reserved {
      if (selectKnown.get(reservationId) !== undefined) return { outcome: 'reserved' };
      const at = reservations.findIndex((reservation) => !fits(reservation));
      const refused = reservations[at];
      if (refused !== undefined) return { outcome: 'refused', at, usage: usageOf(refused.counter) };
      for (const { counter, amount, expiresAt } of reservations) {
        add.run(...placeOf(counter), amount, expiresAt);
        insert.run(reservationId, ...placeOf(counter), amount, until);
      }
      return { outcome: 'reserved' };
    },
    settleBudgets(reservationId: string, settlements: readonly Settlement[]): readonly CounterState[] {
      return settlements.flatMap(({ counter, used }) => {
        const taken = take.get(reservationId, ...placeOf(counter));
        if (taken === undefined) return [];
        const moved = move.get(number(taken, 'amount'), used, ...placeOf(counter));
        return moved === undefined ? [] : [{ counter, ...usageOfRow(moved) }];
      });
    },
    settleLapsedBudgets(now: number): void {
      for (const row of takeLapsed.all(now)) {
        const place = [text(row, 'budget_id'), number(row, 'period_from'), text(row, 'key')] as const;
        move.get(number(row, 'amount'), number(row, 'amount'), ...place);
      }
      removeExpired.run(now);
    },
  };
}

function placeOf({ budgetId, from, key }: Counter): [budgetId: string, from: number, key: string] {
  return [budgetId, from, key];
}

/** The amounts in a counter's row. */
export function usageOfRow(row: Row): { readonly used: number; readonly reserved: number } {
  return { used: number(row, 'used'), reserved: number(row, 'reserved') };
}
