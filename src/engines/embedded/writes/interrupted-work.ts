import type { Connection } from '../connection.ts';

const runsBack = `UPDATE runs INDEXED BY runs_by_status SET status = 'queued', lease_owner = NULL, lease_until = NULL,
  slot_keys = NULL, started_at = NULL`;

/**
 * Puts back what a process that is gone was executing and sending: this one is alone in the data folder, so no lease
 * can be anybody else's. The interrupted attempts count. What waited for a time that a clock set back will only
 * come to again is due at once, but for deliveries that wait for another try.
 *
 * @param now Unix ms
 */
export function recoverLeases(connection: Connection, now: number): void {
  const runsDue = `UPDATE runs SET available_at = ?1 WHERE status = 'queued' AND available_at > ?1`;
  const deliveriesDue = `UPDATE deliveries INDEXED BY deliveries_pending SET available_at = ?1, next_attempt_at = ?1
    WHERE status = 'pending' AND available_at > ?1 AND attempts_in_schedule = 0`;
  connection.inTransaction(() => {
    connection.execute(`
      ${runsBack} WHERE status = 'running';
      DELETE FROM slots;
      UPDATE deliveries INDEXED BY deliveries_pending SET available_at = next_attempt_at, lease_owner = NULL
      WHERE status = 'pending' AND lease_owner IS NOT NULL`);
    for (const sql of [runsDue, deliveriesDue]) connection.statement(sql).run(now);
  });
}

/** Puts back what is executed at the moment, because an operator stops the process: that attempt does not count. */
export function interruptRuns(connection: Connection): void {
  connection.execute(`
    ${runsBack}, attempts = attempts - 1 WHERE status = 'running';
    DELETE FROM slots`);
}
