import type { Slot } from '../../../core/ports/run-store.ts';
import { number } from '../store/columns.ts';
import type { Connection } from '../store/connection.ts';

/** The places that running runs take up, and the runs that wait for one. */
export interface RunSlots {
  /** Takes a place of every slot for the run, or none: then returns the first slot that has none left. */
  take(runId: string, slots: readonly Slot[]): Slot | null;
  /** Frees the run's places, and offers each to the run that has waited longest for it. */
  free(runId: string, slotKeys: readonly string[]): void;
  /** Keeps a queued run from being offered until a place of `busy` is freed; others may have its other places. */
  park(runId: string, slots: readonly Slot[], busy: Slot): void;
  /** Offers one place of every slot that runs wait for: for limits that were raised and runs that left the queue. */
  wakeOneOfEach(): void;
}

export function runSlots(connection: Connection): RunSlots {
  const countOthers = connection.statement(
    'SELECT count(*) AS taken FROM slots WHERE slot_key = ? AND run_id <> ?',
  );
  const insert = connection.statement('INSERT OR IGNORE INTO slots (slot_key, run_id) VALUES (?, ?)');
  const remove = connection.statement('DELETE FROM slots WHERE slot_key = ? AND run_id = ?');
  const markWaiting = connection.statement(
    `UPDATE runs SET waiting_for = ? WHERE run_id = ? AND status = 'queued'`,
  );
  const wakeLongestWaiting = connection.statement(`
    UPDATE runs SET waiting_for = NULL WHERE position = (
      SELECT position FROM runs WHERE waiting_for = ? ORDER BY available_at, position LIMIT 1)`);
  const wakeEach = connection.statement(`
    WITH RECURSIVE waited_for (slot_key) AS (
      SELECT min(waiting_for) FROM runs WHERE waiting_for IS NOT NULL
      UNION ALL
      SELECT (SELECT min(waiting_for) FROM runs WHERE waiting_for > slot_key)
      FROM waited_for WHERE slot_key IS NOT NULL)
    UPDATE runs SET waiting_for = NULL WHERE position IN (
      SELECT (SELECT position FROM runs WHERE waiting_for = slot_key ORDER BY available_at, position LIMIT 1)
      FROM waited_for WHERE slot_key IS NOT NULL)`);

  const hasPlace = (slot: Slot, runId: string) => {
    const row = countOthers.get(slot.key, runId);
    return row !== undefined && number(row, 'taken') < slot.limit;
  };

  return {
    take(runId, slots) {
      const busy = slots.find((slot) => !hasPlace(slot, runId));
      if (busy !== undefined) return busy;
      for (const slot of slots) insert.run(slot.key, runId);
      return null;
    },
    free(runId, slotKeys) {
      for (const key of slotKeys) {
        remove.run(key, runId);
        wakeLongestWaiting.run(key);
      }
    },
    park(runId, slots, busy) {
      markWaiting.run(busy.key, runId);
      // The run may have been woken for one of these places, which now has to go to the next that waits for it.
      for (const slot of slots) {
        if (slot !== busy && hasPlace(slot, runId)) wakeLongestWaiting.run(slot.key);
      }
    },
    wakeOneOfEach() {
      wakeEach.run();
    },
  };
}
