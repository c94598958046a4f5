import { numberOrNull, text } from '../store/columns.ts';
import type { Database } from '../store/database.ts';

/** Ended runs whose deliveries are still to be planned. */
export interface Outbox {
  /** Unix ms; `null` where it is empty. */
  nextDueAt(): number | null;
  due(now: number, limit: number): readonly string[];
  has(runId: string): boolean;
}

export function createOutbox(database: Database): Outbox {
  const selectNext = database.statement('SELECT min(due_at) AS due_at FROM outbox');
  const selectDue = database.statement('SELECT run_id FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?');
  const select = database.statement('SELECT 1 FROM outbox WHERE run_id = ?');
  return {
    nextDueAt() {
      const row = selectNext.get();
      return row === undefined ? null : numberOrNull(row, 'due_at');
    },
    due: (now, limit) => selectDue.all(now, limit).map((row) => text(row, 'run_id')),
    has: (runId) => select.get(runId) !== undefined,
  };
}
