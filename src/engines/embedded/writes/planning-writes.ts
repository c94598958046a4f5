import type { DeadLetter } from '../../../core/ports/dead-letter-store.ts';
import { type Connection, number, text, textOrNull } from '../store/connection.ts';

/** The `source` of dead letters from delivery planning. */
export const planningSource = 'plan-deliveries';

/** Writes to the outbox of ended runs, and to dead letters of planning and other steps. */
export function planningWrites(connection: Connection) {
  const countFailure = connection.statement(
    'UPDATE outbox SET failures = failures + 1 WHERE run_id = ? RETURNING failures',
  );
  const setDue = connection.statement('UPDATE outbox SET due_at = ? WHERE run_id = ?');
  const putBack = connection.statement(
    'INSERT OR REPLACE INTO outbox (run_id, failures, due_at) VALUES (?, 0, 0)',
  );
  const leaveOutbox = connection.statement('DELETE FROM outbox WHERE run_id = ?');
  const insertLetter = connection.statement(`
    INSERT INTO dead_letters (dead_letter_id, at, source, reason, connector_id, run_id, body)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const selectLetter = connection.statement(
    'SELECT source, run_id FROM dead_letters WHERE dead_letter_id = ?',
  );
  const removeLetter = connection.statement('DELETE FROM dead_letters WHERE dead_letter_id = ?');
  return {
    /**
     * Counts a planning failure, and makes the run due again after the wait for this many failures.
     * @returns how often planning has failed, including this time
     */
    putOffPlanning(runId: string, now: number, delaysMs: readonly number[]): number {
      const row = countFailure.get(runId);
      const failures = row === undefined ? 0 : number(row, 'failures');
      setDue.run(now + (delaysMs[failures - 1] ?? 0), runId);
      return failures;
    },
    leaveOutbox(runId: string): void {
      leaveOutbox.run(runId);
    },
    putDeadLetter({ deadLetterId, at, source, reason, connectorId, runId, body }: DeadLetter): void {
      insertLetter.run(deadLetterId, at, source, reason, connectorId, runId, JSON.stringify(body));
    },
    /** Returns a dead letter's run to the outbox. Other steps retry their own dead letters. */
    retryDeadLetter(deadLetterId: string): 'retried' | 'missing' | 'of-another-step' {
      const row = selectLetter.get(deadLetterId);
      if (row === undefined) return 'missing';
      if (text(row, 'source') !== planningSource) return 'of-another-step';
      putBack.run(textOrNull(row, 'run_id') ?? '');
      removeLetter.run(deadLetterId);
      return 'retried';
    },
    /** @returns whether the dead letter existed */
    removeDeadLetter(deadLetterId: string): boolean {
      return removeLetter.run(deadLetterId) > 0;
    },
  };
}
