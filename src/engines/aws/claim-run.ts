import { type Interruption, interruptionOf } from '../../core/interruption.ts';
import type { Claimed, Lease, Slot } from '../../core/ports/run-store.ts';
import { hasEnded } from '../../core/run.ts';
import type { Condition, ItemChange } from './expressions.ts';
import { runKey, slotKey } from './keys.ts';
import { findRun, type RunRecords } from './run-records.ts';
import { heldBy, interruptedBy, placeOf, recordOf, type StoredRun } from './stored-run.ts';
import type { Action } from './transaction.ts';

/** `RunStore.claim`: a conditional write on the run as it was read, with its places in the slots in one transaction. */
export async function claimRun(records: RunRecords, runId: string, lease: Lease): Promise<Claimed> {
  const seen = await findRun(records, runId);
  if (seen === null || !isClaimable(seen, lease.now)) return { outcome: 'not-claimable' };
  const free =
    seen.status === 'queued' ? seen : { ...seen, ...interruptedBy(seen, lapseOf(seen, lease.now)) };
  const change = claimChange(records, free, lease);
  const condition = asSeen(seen);
  const slotActions = slotChanges(seen, lease.slots);
  if (slotActions.length === 0) {
    const written = await records.table.update(runKey(runId), change, condition);
    if (written === null && !(await isHeldBy(records, runId, lease.owner)))
      return { outcome: 'not-claimable' };
  } else {
    const actions: Action[] = [{ update: runKey(runId), change, condition }, ...slotActions];
    const written = await records.table.transact(actions);
    if (written.outcome === 'refused') {
      const slot = lease.slots[written.at - 1];
      return slot === undefined ? { outcome: 'not-claimable' } : { outcome: 'busy', slot: slot.key };
    }
  }
  return {
    outcome: 'claimed',
    run: { ...recordOf(free), status: 'running', startedAt: lease.now, attempts: free.attempts + 1 },
  };
}

function isClaimable(seen: StoredRun, now: number): boolean {
  if (hasEnded(seen.status)) return false;
  return seen.status === 'queued' ? seen.availableAt <= now : (seen.leaseUntil ?? 0) <= now;
}

/** Status and claims together name one state of a run. */
export function asSeen({ status, claims }: StoredRun): Condition {
  const unclaimed = claims === 0 ? ' OR attribute_not_exists(#claims)' : '';
  return {
    expression: `#status = :seenStatus AND (#claims = :seenClaims${unclaimed})`,
    values: { ':seenStatus': status, ':seenClaims': claims },
  };
}

/** The interruption of a run whose lease has run out. */
function lapseOf({ ifLost }: StoredRun, now: number): Interruption {
  const reason =
    ifLost === 'culprit'
      ? 'the function that executed only this run ended before it, or was ended by its timeout'
      : 'the function that executed this run and others ended before it, or was ended by its timeout';
  return interruptionOf(ifLost, reason, now);
}

/** A run that is claimed late has as long as any other to come to its end. */
function claimChange({ retention }: RunRecords, seen: StoredRun, lease: Lease): ItemChange {
  return {
    set: {
      ...heldBy(lease, seen),
      interruptions: seen.interruptions,
      ...placeOf(seen.runId, 'running'),
      startedAt: lease.now,
      slots: lease.slots.map((slot) => slot.key),
      dueAt: lease.until,
      announcements: 0,
      expiresAt: retention.expiryOfUnended(lease.now),
    },
  };
}

/** Takes the lease's slots; gives back those that an expired lease still holds and this one does not want. */
function slotChanges(seen: StoredRun, slots: readonly Slot[]): Action[] {
  const wanted = new Set(slots.map((slot) => slot.key));
  return [
    ...slots.map((slot) => takeSlot(slot, seen.runId)),
    ...freeSlots(
      seen.slots.filter((key) => !wanted.has(key)),
      seen.runId,
    ),
  ];
}

/** A slot's record is the set of the runs in it; a run that is in it already takes no second place. */
function takeSlot(slot: Slot, runId: string): Action {
  return {
    update: slotKey(slot.key),
    change: { add: { holders: new Set([runId]) } },
    condition: {
      expression: 'attribute_not_exists(#holders) OR contains(#holders, :runId) OR size(#holders) < :limit',
      values: { ':runId': runId, ':limit': slot.limit },
    },
  };
}

/** The writes that take a run out of slots. */
export function freeSlots(slots: readonly string[], runId: string): Action[] {
  return slots.map((slot) => ({ update: slotKey(slot), change: { take: { holders: new Set([runId]) } } }));
}

/** A claim whose answer was lost on the way is refused when the SDK repeats it: the record tells whose it is. */
async function isHeldBy(records: RunRecords, runId: string, owner: string): Promise<boolean> {
  const found = await findRun(records, runId);
  return found?.status === 'running' && found.owner === owner;
}
