import type { Lease, Slot } from '../../../core/ports/run-store.ts';
import { type Row, text, textOrNull } from '../columns.ts';
import type { Database } from '../database.ts';
import { selectRun } from './run-rows.ts';
import type { RunSlots } from './run-slots.ts';

/** Claiming and giving back of runs. To be called within a write of the database. */
export interface LeaseRuns {
  claim(runId: string, lease: Lease): RowClaimed;
  /** @returns the changed run, or `null` where `owner` does not hold it */
  release(runId: string, owner: string, availableAt: number): Row | null;
  /** Puts runs back into the queue whose leases have run out by `now`: their executors are gone. */
  requeueExpired(now: number): void;
}

/** Leases that run out are rare; more of them wait for the next call. */
const maxRequeued = 100;

type RowClaimed =
  | { readonly outcome: 'claimed'; readonly row: Row }
  | { readonly outcome: 'busy'; readonly slot: Slot }
  | { readonly outcome: 'not-claimable' };

export function leaseRuns(database: Database, slots: RunSlots): LeaseRuns {
  const findClaimable = database.statement(`
    SELECT slot_keys FROM runs WHERE run_id = ? AND (
      (status = 'queued' AND available_at <= ?) OR (status = 'running' AND lease_until <= ?))`);
  const take = database.statement(`
    UPDATE runs SET status = 'running', attempts = attempts + 1, waiting_for = NULL,
      lease_owner = ?, lease_until = ?, started_at = ?, slot_keys = ?
    WHERE run_id = ?`);
  const select = database.statement(`${selectRun} WHERE runs.run_id = ?`);
  const giveBack = database.statement(`
    UPDATE runs SET status = 'queued', available_at = ?, lease_owner = NULL, lease_until = NULL, started_at = NULL
    WHERE run_id = ? AND lease_owner = ? AND status = 'running' RETURNING *`);

  const selectExpired = database.statement(`
    SELECT run_id, slot_keys FROM runs INDEXED BY runs_by_status
    WHERE status = 'running' AND lease_until <= ? LIMIT ${maxRequeued}`);
  const requeue = database.statement(`
    UPDATE runs SET status = 'queued', available_at = ?, lease_owner = NULL, lease_until = NULL, slot_keys = NULL,
      started_at = NULL
    WHERE run_id = ?`);

  return {
    claim(runId, lease) {
      const found = findClaimable.get(runId, lease.now, lease.now);
      if (found === undefined) return { outcome: 'not-claimable' };
      slots.free(runId, slotKeysOfRow(found));
      const busy = slots.take(runId, lease.slots);
      if (busy !== null) {
        slots.park(runId, lease.slots, busy);
        return { outcome: 'busy', slot: busy };
      }
      const keys = lease.slots.length === 0 ? null : JSON.stringify(lease.slots.map((slot) => slot.key));
      take.run(lease.owner, lease.until, lease.now, keys, runId);
      const row = select.get(runId);
      return row === undefined ? { outcome: 'not-claimable' } : { outcome: 'claimed', row };
    },
    release(runId, owner, availableAt) {
      const row = giveBack.get(availableAt, runId, owner);
      if (row === undefined) return null;
      slots.free(runId, slotKeysOfRow(row));
      return row;
    },
    requeueExpired(now) {
      for (const row of selectExpired.all(now)) {
        const runId = text(row, 'run_id');
        slots.free(runId, slotKeysOfRow(row));
        requeue.run(now, runId);
      }
    },
  };
}

/** Keys of the slots whose places the run holds. */
export function slotKeysOfRow(row: Row): readonly string[] {
  return JSON.parse(textOrNull(row, 'slot_keys') ?? '[]');
}
