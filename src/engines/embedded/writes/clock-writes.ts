import type { Connection } from '../connection.ts';

/** What happens when the system's clock is set. */
export function clockWrites(connection: Connection) {
  const statements = [
    `UPDATE runs SET available_at = available_at - ?1 WHERE status = 'queued' AND available_at > ?2`,
    `UPDATE deliveries SET available_at = available_at - ?1, next_attempt_at = next_attempt_at - ?1
     WHERE status = 'pending' AND available_at > ?2`,
    'UPDATE outbox SET due_at = due_at - ?1 WHERE due_at > ?2',
  ].map((sql) => connection.statement(sql));
  return {
    /** Brings forward what waits for a time by the clock that has gone back by `backMs` to `now` (Unix ms). */
    bringForward(backMs: number, now: number): void {
      for (const statement of statements) statement.run(backMs, now);
    },
  };
}
