import {
  type Interruption,
  type InterruptionRole,
  interruptionOf,
  interruptionRoles,
} from '../../../core/runs/run.ts';
import { type Connection, type Row, text, textOrNull } from '../store/connection.ts';

/**
 * Puts back the runs and deliveries that a vanished process was working on: this process is alone in the data folder,
 * so every lease is stale. After the clock was set back, work that would wait too long is due immediately, except
 * deliveries that wait for a retry.
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
    // The calls that had reserved something are lost, and nobody knows what they used: count what they could have.
    connection.execute(`
      UPDATE budget_counters SET used = used + reserved, reserved = 0 WHERE reserved > 0;
      DELETE FROM budget_reservations`);
    for (const sql of [runsDue, deliveriesDue]) connection.statement(sql).run(now);
  });
}

/** A run that the process executed alone caused its end; each of several runs may have. */
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
 * Puts back all running runs, because an operator stops the process.
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
  /** All running runs, in table order. */
  running(): readonly RunningRun[];
  /** @param availableAt Unix ms from which the run may be claimed again */
  putBack(runId: string, interruption: Interruption, availableAt: number): void;
}

interface RunningRun {
  readonly runId: string;
  /** Its role in the interruption, should its executor have vanished. */
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
 * The SET clause for a run whose attempt broke off, with the placeholders of `interruptedValues`. The attempt counts
 * only if this run caused the crash.
 */
export function interruptedBy(interruption: string, uncounted: string): string {
  return `interruptions = json_insert(coalesce(interruptions, '[]'), '$[#]', json(${interruption})),
    attempts = attempts - ${uncounted}`;
}

export function interruptedValues(interruption: Interruption): [interruption: string, uncounted: number] {
  return [JSON.stringify(interruption), interruption.role === 'culprit' ? 0 : 1];
}

/** The interruption of a run whose lease has lapsed. */
export function lapseOf(row: Row, now: number): Interruption {
  return interruptionOf(ifLostOfRow(row), 'it did not end within the time of its lease', now);
}

/** Runs claimed by an earlier version store no role. */
function ifLostOfRow(row: Row): InterruptionRole {
  const stored = textOrNull(row, 'if_lost');
  return interruptionRoles.find((role) => role === stored) ?? 'suspect';
}
