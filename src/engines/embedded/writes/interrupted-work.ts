import { interruptionOf } from '../../../core/runs/interruption.ts';
import type { Connection } from '../store/connection.ts';
import { interruptedRuns } from './interrupted-runs.ts';

/**
 * Puts back what a process that is gone was executing and sending: this one is alone in the data folder, so no lease
 * can be anybody else's. What waited for a time that a clock set back will only come to again is due at once, but for
 * deliveries that wait for another try.
 *
 * @param now Unix ms
 */
export function recoverLeases(connection: Connection, now: number): void {
  const runsDue = `UPDATE runs SET available_at = ?1 WHERE status = 'queued' AND available_at > ?1`;
  const deliveriesDue = `UPDATE deliveries INDEXED BY deliveries_pending SET available_at = ?1, next_attempt_at = ?1
    WHERE status = 'pending' AND available_at > ?1 AND attempts_in_schedule = 0`;
  connection.inTransaction(() => {
    recoverRuns(connection, now);
    connection.execute(`
      DELETE FROM slots;
      UPDATE deliveries INDEXED BY deliveries_pending SET available_at = next_attempt_at, lease_owner = NULL
      WHERE status = 'pending' AND lease_owner IS NOT NULL`);
    for (const sql of [runsDue, deliveriesDue]) connection.statement(sql).run(now);
  });
}

/** A run that the process executed all by itself has ended it; of several, each may have. */
function recoverRuns(connection: Connection, now: number): void {
  const runs = interruptedRuns(connection);
  const running = runs.running();
  const suspects = running.filter(({ ifLost }) => ifLost !== 'bystander').length;
  for (const { runId, ifLost } of running) {
    const isAlone = suspects === 1 && ifLost !== 'bystander';
    const reason = isAlone
      ? 'the process ended while it executed only this run'
      : 'the process ended while it executed this run and others';
    const role = isAlone ? 'culprit' : ifLost;
    runs.putBack(runId, interruptionOf(role, reason, now), now);
  }
}

/**
 * Puts back what is executed at the moment, because an operator stops the process.
 *
 * @param now Unix ms
 */
export function interruptRuns(connection: Connection, now: number): void {
  const runs = interruptedRuns(connection);
  for (const { runId } of runs.running()) {
    runs.putBack(runId, interruptionOf('bystander', 'the process was stopped', now), now);
  }
  connection.execute('DELETE FROM slots');
}
