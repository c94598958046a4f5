import { messageOf, RetryableError } from '../../../core/errors.ts';
import { hasEnded } from '../../../core/runs/run.ts';
import type { ItemChange } from '../store/expressions.ts';
import { runKey } from '../store/keys.ts';
import { asSeen } from './claim-run.ts';
import { findRun, type RunRecords } from './run-records.ts';
import { announceNext, freeSlots } from './slots.ts';
import { runIdOf, type StoredRun } from './stored-run.ts';

/*
 * How a run leaves its places after the write that ended or released it. What fails here changes nothing of that: the run's
 * record still names the places, so that the reconciler frees those of an ended run, and the next claim those of a queued one.
 */

/**
 * Takes an ended run out of its slots, announces who gets the places, and lets the run go on.
 *
 * @param next what the record says once the run is out of them; written already where it is in none
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

/** Frees the places of a run that has ended and has not left them; nothing where it has. @throws RetryableError */
export async function freePlacesOf(records: RunRecords, runId: string): Promise<void> {
  const run = await findRun(records, runId);
  if (run !== null && hasEnded(run.status) && run.slots.length > 0) await takeOut(records, run);
}

/**
 * Takes a released run out of its slots and announces who gets the places. One transaction with the run: it may be claimed
 * again meanwhile, and then the places are its own.
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

/** Runs that have ended are claimed no more: their places can be freed however late, and twice. */
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
