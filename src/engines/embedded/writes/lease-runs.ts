import type { Lease, Slot } from '../../../core/ports/run-store.ts';
import type { Interruption } from '../../../core/runs/interruption.ts';
import { type Row, text, textOrNull } from '../store/columns.ts';
import type { Connection } from '../store/connection.ts';
import { interruptedBy, interruptedRuns, interruptedValues, lapseOf } from './interrupted-runs.ts';
import type { RunSlots } from './run-slots.ts';

/** Leases that run out are rare; more of them wait for the next call. */
const maxRequeued = 100;

type RowClaimed =
  /** With its row; `fromQueue` is false where the run was held by an executor that let its lease run out. */
  | { readonly outcome: 'claimed'; readonly row: Row; readonly fromQueue: boolean }
  | { readonly outcome: 'busy'; readonly slot: Slot }
  | { readonly outcome: 'not-claimable' };

/** Claiming and giving back of runs. */
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
      interruption: Interruption,
    ): 'released' | 'lost' {
      const row = giveBack.get(availableAt, ...interruptedValues(interruption), runId, owner);
      if (row === undefined) return 'lost';
      slots.free(runId, slotKeysOfRow(row));
      return 'released';
    },
    /**
     * Puts runs back whose leases have run out by `now`, and offers every place that has become free unnoticed.
     * @param inHand ids of the runs that this process executes: their executor is there, whatever the clock shows
     * @returns how many runs were put back
     */
    tidyRuns(now: number, inHand: readonly string[]): number {
      const requeued = requeueExpired(now, inHand);
      slots.wakeOneOfEach();
      return requeued;
    },
  };
}

/** Keys of the slots whose places the run holds. */
export function slotKeysOfRow(row: Row): readonly string[] {
  return JSON.parse(textOrNull(row, 'slot_keys') ?? '[]');
}
