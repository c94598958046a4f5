import { messageOf, RetryableError } from '../../../core/errors.ts';
import type { Claimed, Lease } from '../../../core/ports/run-store.ts';
import { hasEnded, type Interruption, interruptionOf } from '../../../core/runs/run.ts';
import type { Action, Condition, ItemChange } from '../store/expressions.ts';
import { runKey } from '../store/keys.ts';
import { findRun, noteRun, type RunRecords } from './run-records.ts';
import { queueDueRun } from './scheduled-runs.ts';
import { announceNext, freeSlots, slotChanges } from './slots.ts';
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
export function lapseOf({ ifLost }: StoredRun, now: number): Interruption {
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

/*
 * How a run leaves its places after the write that ended or released it. A failure here does not change that write: the
 * run's record still names the places, so the reconciler frees those of an ended run, and the next claim those of a
 * queued one.
 */

/**
 * Takes an ended run out of its slots, announces the runs that get the places, and lets the run move on.
 *
 * @param next what the record says once the run has left its slots; already written for a run without slots
 */
export async function leaveSlots(
  records: RunRecords,
  ended: StoredRun,
  next: Required<Pick<ItemChange, 'set' | 'remove'>>,
): Promise<void> {
  if (ended.slots.length === 0) return;
  await orLater(records, ended, async () => {
    await takeOut(records, ended);
    const change = { set: next.set, remove: ['slots', ...next.remove] };
    await records.table.update(runKey(runIdOf(ended)), change, { expression: 'attribute_exists(#slots)' });
  });
}

/** Frees the places that an ended run still holds, if any. @throws RetryableError */
export async function freePlacesOf(records: RunRecords, runId: string): Promise<void> {
  const run = await findRun(records, runId);
  if (run !== null && hasEnded(run.status) && run.slots.length > 0) await takeOut(records, run);
}

/**
 * Takes a released run out of its slots and announces the runs that get the places. Uses one transaction with the run,
 * because the run may have been claimed again in the meantime and then owns the places.
 */
export async function giveUpSlots(records: RunRecords, released: StoredRun): Promise<void> {
  const { slots } = released;
  if (slots.length === 0) return;
  const runId = runIdOf(released);
  await orLater(records, released, async () => {
    const { outcome } = await records.table.transact([
      { update: runKey(runId), change: { remove: ['slots'] }, condition: asSeen(released) },
      ...freeSlots(slots, runId),
    ]);
    if (outcome === 'written') await announceNext(records, slots);
  });
}

/** Ended runs are never claimed again, so their places can be freed late or twice. */
async function takeOut(records: RunRecords, run: StoredRun): Promise<void> {
  const { slots } = run;
  const runId = runIdOf(run);
  await Promise.all(
    freeSlots(slots, runId).map(({ update, change }) => records.table.update(update, change)),
  );
  await announceNext(records, slots);
}

async function orLater({ log }: RunRecords, run: StoredRun, leave: () => Promise<void>): Promise<void> {
  try {
    await leave();
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw thrown;
    log.warn('slot.not-freed', { run_id: runIdOf(run), slots: run.slots.length, reason: messageOf(thrown) });
  }
}
