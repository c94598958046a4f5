import { messageOf, RetryableError } from '../../../core/errors.ts';
import { hasEnded } from '../../../core/runs/run.ts';
import type { ItemChange } from '../store/expressions.ts';
import { runKey } from '../store/keys.ts';
import { asSeen } from './claim-run.ts';
import { findRun, type RunRecords } from './run-records.ts';
import { announceNext, freeSlots } from './slots.ts';
import { runIdOf, type StoredRun } from './stored-run.ts';

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
