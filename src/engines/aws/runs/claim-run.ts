import type { Claimed, Lease } from '../../../core/ports/run-store.ts';
import { type Interruption, interruptionOf } from '../../../core/runs/interruption.ts';
import { hasEnded } from '../../../core/runs/run.ts';
import type { Condition, ItemChange } from '../store/expressions.ts';
import { runKey } from '../store/keys.ts';
import type { Action } from '../store/transaction.ts';
import { findRun, noteRun, type RunRecords } from './run-records.ts';
import { queueDueRun } from './scheduled-runs.ts';
import { announceNext, slotChanges } from './slots.ts';
import { heldBy, interruptedBy, recordOf, runIdOf, type StoredRun } from './stored-run.ts';

const notClaimable = { outcome: 'not-claimable' } as const;

/** `RunStore.claim`: a conditional write on the run as read, in one transaction with its places in slots. */
export async function claimRun(records: RunRecords, runId: string, lease: Lease): Promise<Claimed> {
  const remembered = records.seen.take(runId);
  if (remembered !== null) {
    const claimed = await claimSeen(records, remembered, lease);
    if (claimed.outcome !== 'not-claimable') return claimed;
  }
  const found = await findRun(records, runId);
  return found === null ? notClaimable : claimSeen(records, found, lease);
}

async function claimSeen(records: RunRecords, seen: StoredRun, lease: Lease): Promise<Claimed> {
  // If the answer to a claim was lost, the SDK's retry is refused. The record then shows who holds the claim.
  if (seen.status === 'running' && seen.owner === lease.owner) return claimedBy(seen);
  if (!isClaimable(seen, lease.now)) return notClaimable;
  if (seen.status === 'scheduled') {
    const queued = await queueDueRun(records, seen, lease.now);
    return queued === null ? notClaimable : claimSeen(records, queued, lease);
  }
  const runId = runIdOf(seen);
  const free =
    seen.status === 'queued' ? seen : { ...seen, ...interruptedBy(seen, lapseOf(seen, lease.now)) };
  const change = claimChange(records, free, lease);
  const condition = asSeen(seen);
  const slotActions = slotChanges(seen, lease);
  if (slotActions.length === 0) {
    const written = await records.table.update(runKey(runId), change, condition);
    if (written !== null) return claimedBy(noteRun(records, written));
    const found = await findRun(records, runId);
    return found?.status === 'running' && found.owner === lease.owner ? claimedBy(found) : notClaimable;
  }
  const actions: Action[] = [{ update: runKey(runId), change, condition }, ...slotActions];
  const written = await records.table.transact(actions);
  if (written.outcome === 'refused') {
    const slot = lease.slots[written.at - 1];
    return slot === undefined ? notClaimable : { outcome: 'busy', slot: slot.key };
  }
  const slots = lease.slots.map((slot) => slot.key);
  // A run that executes without the place that it waited for passes that place on.
  if (seen.waitsFor !== undefined && !slots.includes(seen.waitsFor))
    await announceNext(records, [seen.waitsFor]);
  const held = { ...heldBy(lease, free), startedAt: lease.now, slots, waitsFor: undefined };
  return claimedBy(records.seen.note({ ...free, ...held }));
}

function claimedBy(stored: StoredRun): Claimed {
  return { outcome: 'claimed', run: recordOf(stored) };
}

function isClaimable(seen: StoredRun, now: number): boolean {
  if (hasEnded(seen.status)) return false;
  return ((seen.status === 'running' ? seen.leaseUntil : seen.availableAt) ?? 0) <= now;
}

/** Status and claim count together identify one state of a run. */
export function asSeen({ status, claims }: StoredRun): Condition {
  const unclaimed = claims === 0 ? ' OR attribute_not_exists(#claims)' : '';
  return {
    expression: `#status = :seenStatus AND (#claims = :seenClaims${unclaimed})`,
    values: { ':seenStatus': status, ':seenClaims': claims },
  };
}

/** The interruption of a run whose lease has expired. */
function lapseOf({ ifLost }: StoredRun, now: number): Interruption {
  const reason =
    ifLost === 'culprit'
      ? 'the function that executed only this run ended before it, or was ended by its timeout'
      : 'the function that executed this run and others ended before it, or was ended by its timeout';
  return interruptionOf(ifLost, reason, now);
}

/** A run that is claimed late still gets the full time to end. */
function claimChange({ retention }: RunRecords, free: StoredRun, lease: Lease): ItemChange {
  const { interruptions } = free;
  const slots = lease.slots.map((slot) => slot.key);
  return {
    set: {
      ...heldBy(lease, free),
      startedAt: lease.now,
      dueAt: lease.until,
      announcements: 0,
      expiresAt: retention.expiryOfUnended(lease.now),
      ...(interruptions.length === 0 ? {} : { interruptions }),
      ...(slots.length === 0 ? {} : { slots }),
    },
    remove: [...(slots.length === 0 ? ['slots'] : []), 'waitsFor'],
  };
}
