import {
  type Interruption,
  type InterruptionRole,
  interruptionOf,
  interruptionRoles,
} from '../../../core/runs/interruption.ts';
import { type Connection, type Row, text, textOrNull } from '../store/connection.ts';

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

/** Puts running runs back into the queue. */
interface InterruptedRuns {
  /** Of all that are running, as they stand in the table. */
  running(): readonly RunningRun[];
  /** @param availableAt Unix ms from which on the run may be claimed again */
  putBack(runId: string, interruption: Interruption, availableAt: number): void;
}

interface RunningRun {
  readonly runId: string;
  /** What it had to do with it, should its executor have vanished. */
  readonly ifLost: InterruptionRole;
}

export function interruptedRuns(connection: Connection): InterruptedRuns {
  const selectRunning = connection.statement(
    `SELECT run_id, if_lost FROM runs INDEXED BY runs_by_status WHERE status = 'running'`,
  );
  const requeue = connection.statement(`
    UPDATE runs SET status = 'queued', available_at = ?2, lease_owner = NULL, lease_until = NULL, slot_keys = NULL,
      started_at = NULL, ${interruptedBy('?3', '?4')}
    WHERE run_id = ?1`);
  return {
    running: () =>
      selectRunning.all().map((row) => ({ runId: text(row, 'run_id'), ifLost: ifLostOfRow(row) })),
    putBack(runId, interruption, availableAt) {
      requeue.run(runId, availableAt, ...interruptedValues(interruption));
    },
  };
}

/**
 * What an UPDATE of a run sets when its attempt broke off, with the placeholders of `interruptedValues`: the attempt does not
 * count unless it was the run that broke something.
 */
export function interruptedBy(interruption: string, uncounted: string): string {
  return `interruptions = json_insert(coalesce(interruptions, '[]'), '$[#]', json(${interruption})),
    attempts = attempts - ${uncounted}`;
}

export function interruptedValues(interruption: Interruption): [interruption: string, uncounted: number] {
  return [JSON.stringify(interruption), interruption.role === 'culprit' ? 0 : 1];
}

/** The interruption of a run whose lease has run out. */
export function lapseOf(row: Row, now: number): Interruption {
  return interruptionOf(ifLostOfRow(row), 'it did not end within the time of its lease', now);
}

/** Runs that an earlier version has claimed do not say it. */
function ifLostOfRow(row: Row): InterruptionRole {
  const stored = textOrNull(row, 'if_lost');
  return interruptionRoles.find((role) => role === stored) ?? 'suspect';
}
