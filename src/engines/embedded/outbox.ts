import { number, numberOrNull, text } from './columns.ts';
import type { Database } from './database.ts';

/** Ended runs whose deliveries are still to be planned. `note` and `putBack` are to be called within a write. */
export interface Outbox {
  /** Unix ms; `null` where it is empty. */
  nextDueAt(): number | null;
  due(now: number, limit: number): readonly string[];
  has(runId: string): boolean;
  /** @returns how often planning has failed, with this time */
  noteFailure(runId: string): number;
  delay(runId: string, until: number): void;
  /** Plans the run once more, from the beginning. */
  putBack(runId: string): void;
  remove(runId: string): void;
}

export function createOutbox(database: Database): Outbox {
  const selectNext = database.statement('SELECT min(due_at) AS due_at FROM outbox');
  const selectDue = database.statement('SELECT run_id FROM outbox WHERE due_at <= ? ORDER BY due_at LIMIT ?');
  const select = database.statement('SELECT 1 FROM outbox WHERE run_id = ?');
  const countFailure = database.statement(
    'UPDATE outbox SET failures = failures + 1 WHERE run_id = ? RETURNING failures',
  );
  const setDue = database.statement('UPDATE outbox SET due_at = ? WHERE run_id = ?');
  const insert = database.statement(
    'INSERT OR REPLACE INTO outbox (run_id, failures, due_at) VALUES (?, 0, 0)',
  );
  const removeRun = database.statement('DELETE FROM outbox WHERE run_id = ?');
  return {
    nextDueAt() {
      const row = selectNext.get();
      return row === undefined ? null : numberOrNull(row, 'due_at');
    },
    due: (now, limit) => selectDue.all(now, limit).map((row) => text(row, 'run_id')),
    has: (runId) => select.get(runId) !== undefined,
    noteFailure(runId) {
      const row = countFailure.get(runId);
      return row === undefined ? 0 : number(row, 'failures');
    },
    delay: (runId, until) => void setDue.run(until, runId),
    putBack: (runId) => void insert.run(runId),
    remove: (runId) => void removeRun.run(runId),
  };
}
