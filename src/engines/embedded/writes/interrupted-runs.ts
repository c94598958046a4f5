import type { Interruption, InterruptionRole } from '../../../core/runs/interruption.ts';
import { interruptionOf, interruptionRoles } from '../../../core/runs/interruption.ts';
import { type Row, text, textOrNull } from '../store/columns.ts';
import type { Connection } from '../store/connection.ts';

/** Puts running runs back into the queue. */
export interface InterruptedRuns {
  /** Of all that are running, as they stand in the table. */
  running(): readonly RunningRun[];
  /** @param availableAt Unix ms from which on the run may be claimed again */
  putBack(runId: string, interruption: Interruption, availableAt: number): void;
}

export interface RunningRun {
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
