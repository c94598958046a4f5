import type { Lease, Slot } from '../../../core/ports/run-store.ts';
import type { Interruption } from '../../../core/runs/interruption.ts';
import { type Connection, number, type Row, text, textOrNull } from '../store/connection.ts';
import { interruptedBy, interruptedRuns, interruptedValues, lapseOf } from './interrupted-work.ts';

/** Lapsed leases are rare; more of them wait for the next call. */
const maxRequeued = 100;

type RowClaimed =
  /** With its row; `fromQueue` is false if an executor held the run and let its lease lapse. */
  | { readonly outcome: 'claimed'; readonly row: Row; readonly fromQueue: boolean }
  | { readonly outcome: 'busy'; readonly slot: Slot }
  | { readonly outcome: 'not-claimable' };

/** Claims runs and gives them back. */
export function leaseRuns(connection: Connection, slots: RunSlots) {
  const findClaimable = connection.statement(`
    SELECT status, slot_keys, if_lost FROM runs WHERE run_id = ? AND (
      (status = 'queued' AND available_at <= ?) OR (status = 'running' AND lease_until <= ?))`);
  const take = connection.statement(`
    UPDATE runs SET status = 'running', attempts = attempts + 1, waiting_for = NULL,
      lease_owner = ?, lease_until = ?, started_at = ?, slot_keys = ?, if_lost = ?
    WHERE run_id = ?`);
  const select = connection.statement('SELECT * FROM runs WHERE run_id = ?');
  const giveBack = connection.statement(`
    UPDATE runs SET status = 'queued', available_at = ?, lease_owner = NULL, lease_until = NULL, started_at = NULL,
      ${interruptedBy('?', '?')}
    WHERE run_id = ? AND lease_owner = ? AND status = 'running' RETURNING slot_keys`);
  const putBack = connection.statement(`
    UPDATE runs SET status = 'queued', available_at = ?, lease_owner = NULL, lease_until = NULL, started_at = NULL,
      attempts = attempts - 1
    WHERE run_id = ? AND lease_owner = ? AND status = 'running' RETURNING slot_keys`);
  const markBudgeted = connection.statement('UPDATE runs SET budgeted = 1 WHERE run_id = ?');
  const selectExpired = connection.statement(`
    SELECT run_id, slot_keys, if_lost FROM runs INDEXED BY runs_by_status
    WHERE status = 'running' AND lease_until <= ? AND run_id NOT IN (SELECT value FROM json_each(?))
    LIMIT ${maxRequeued}`);
  const interrupted = interruptedRuns(connection);

  const requeueExpired = (now: number, inHand: readonly string[]): number => {
    const expired = selectExpired.all(now, JSON.stringify(inHand));
    for (const row of expired) {
      const runId = text(row, 'run_id');
      slots.free(runId, slotKeysOfRow(row));
      interrupted.putBack(runId, lapseOf(row, now), now);
    }
    return expired.length;
  };

  return {
    claimRun(runId: string, lease: Lease): RowClaimed {
      const found = findClaimable.get(runId, lease.now, lease.now);
      if (found === undefined) return { outcome: 'not-claimable' };
      const fromQueue = text(found, 'status') === 'queued';
      slots.free(runId, slotKeysOfRow(found));
      const busy = slots.take(runId, lease.slots);
      if (busy !== null) {
        slots.park(runId, lease.slots, busy);
        return { outcome: 'busy', slot: busy };
      }
      const keys = lease.slots.length === 0 ? null : JSON.stringify(lease.slots.map((slot) => slot.key));
      if (!fromQueue) interrupted.putBack(runId, lapseOf(found, lease.now), lease.now);
      take.run(lease.owner, lease.until, lease.now, keys, lease.ifLost, runId);
      const row = select.get(runId);
      if (row === undefined) return { outcome: 'not-claimable' };
      return { outcome: 'claimed', row, fromQueue };
    },
    /** `lost`: `owner` does not hold the run; nothing was written. */
    releaseRun(
      runId: string,
      owner: string,
      availableAt: number,
      interruption: Interruption | null,
    ): 'released' | 'lost' {
      const row =
        interruption === null
          ? putBack.get(availableAt, runId, owner)
          : giveBack.get(availableAt, ...interruptedValues(interruption), runId, owner);
      if (row === undefined) return 'lost';
      slots.free(runId, slotKeysOfRow(row));
      return 'released';
    },
    markBudgeted(runId: string): void {
      markBudgeted.run(runId);
    },
    /**
     * Puts back runs whose leases have lapsed by `now`, and offers every place that became free unnoticed.
     * @param inHand ids of the runs that this process executes: their executor is alive, whatever the clock shows
     * @returns how many runs were put back
     */
    tidyRuns(now: number, inHand: readonly string[]): number {
      const requeued = requeueExpired(now, inHand);
      slots.wakeOneOfEach();
      return requeued;
    },
  };
}

/** Keys of the slots in which the run holds a place. */
export function slotKeysOfRow(row: Row): readonly string[] {
  return JSON.parse(textOrNull(row, 'slot_keys') ?? '[]');
}

/** The places that running runs take, and the runs that wait for one. */
export interface RunSlots {
  /** Takes a place in every slot for the run, or in none; then returns the first full slot. */
  take(runId: string, slots: readonly Slot[]): Slot | null;
  /** Frees the run's places, and offers each to the run with the longest wait for it. */
  free(runId: string, slotKeys: readonly string[]): void;
  /** Holds a queued run back until a place in `busy` is free; other runs may take its places in the other slots. */
  park(runId: string, slots: readonly Slot[], busy: Slot): void;
  /** Offers the free places that a queued run may have been woken for to the next runs in line. */
  pass(runId: string, slots: readonly Slot[]): void;
  /**
   * Offers one place in every slot that runs wait for: after limits were raised or runs left the queue. A hold has no
   * places.
   */
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
      FROM waited_for WHERE slot_key IS NOT NULL AND slot_key NOT IN (SELECT hold_key FROM holds))`);

  const hasPlace = (slot: Slot, runId: string) => {
    const row = countOthers.get(slot.key, runId);
    return row !== undefined && number(row, 'taken') < slot.limit;
  };
  const pass = (runId: string, slots: readonly Slot[]) => {
    for (const slot of slots) if (hasPlace(slot, runId)) wakeLongestWaiting.run(slot.key);
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
      pass(
        runId,
        slots.filter((slot) => slot !== busy),
      );
    },
    pass,
    wakeOneOfEach() {
      wakeEach.run();
    },
  };
}
