import { randomUUID } from 'node:crypto';
import type { RunEnd } from '../../../core/ports/run-store.ts';
import type { Interruption } from '../../../core/runs/interruption.ts';
import { hasEnded, type RunStatus } from '../../../core/runs/run.ts';
import type { ItemChange } from '../store/expressions.ts';
import { runKey } from '../store/keys.ts';
import type { Action } from '../store/transaction.ts';
import { asSeen } from './claim-run.ts';
import { findRun, type RunRecords } from './run-records.ts';
import { announceNext, freeSlots, leaveQueue } from './slots.ts';
import {
  announceGraceMs,
  closedPlace,
  countedOf,
  interruptedBy,
  queuedAtOf,
  runIdOf,
  type StoredRun,
} from './stored-run.ts';

/** Planning follows an end within seconds, by the table's stream; after this the reconciler does it. */
const planGraceMs = 300_000;

/** `RunStore.end`: large parts first, then the record once, if `owner` still holds the run. */
export async function endRun(
  records: RunRecords,
  runId: string,
  owner: string,
  end: RunEnd,
): Promise<'ended' | 'lost'> {
  const seen = await heldRun(records, runId, owner);
  if (seen === null) return 'lost';
  const endId = randomUUID();
  const { output, context, warnings, trace } = end;
  const [awaited] = await Promise.all([
    isAwaited(records, seen, end.status),
    records.attempts.write(runId, endId, { trace, end: { output, context, warnings } }),
  ]);
  await keepTrigger(records, seen, end.endedAt);
  const change = endChange(records, seen, end, awaited);
  if (await write(records, seen, { ...change, set: { ...change.set, endId } })) return 'ended';
  // A write whose answer was lost on the way is refused when the SDK repeats it: the record tells whose it is.
  return (await findRun(records, runId))?.endId === endId ? 'ended' : 'lost';
}

/** `RunStore.release`: back to the queue, with a message that comes when the run may be claimed. */
export async function releaseRun(
  records: RunRecords,
  runId: string,
  owner: string,
  availableAt: number,
  interruption: Interruption,
): Promise<'released' | 'lost'> {
  const seen = await heldRun(records, runId, owner);
  if (seen === null) return 'lost';
  const change: ItemChange = {
    set: {
      status: 'queued' satisfies RunStatus,
      ...interruptedBy(seen, interruption),
      availableAt,
      dueAt: availableAt + announceGraceMs,
      announcements: 0,
    },
    remove: ['owner', 'leaseUntil', 'startedAt', 'slots'],
  };
  if (!(await write(records, seen, change))) return 'lost';
  await records.queue.send([{ id: runId, group: seen.agentName }], availableAt - records.clock());
  return 'released';
}

/** `RunStore.requestCancel`. */
export async function cancelRun(
  records: RunRecords,
  runId: string,
  now: number,
): Promise<'cancelled' | 'requested' | 'ended' | 'missing'> {
  const seen = await findRun(records, runId);
  if (seen === null) return 'missing';
  if (hasEnded(seen.status)) return 'ended';
  const isQueued = seen.status === 'queued';
  if (isQueued) await keepTrigger(records, seen, now);
  const change: ItemChange = isQueued ? cancelChange(records, seen, now) : { set: { cancelRequested: true } };
  // It moved on meanwhile, and moves at most some steps to its end.
  if (!(await writeWith(records, seen, change, isQueued ? leaveQueue(seen) : [])))
    return cancelRun(records, runId, now);
  // It may have been the run's turn: then that is the next one's.
  if (isQueued && seen.waitsFor !== undefined) await announceNext(records, [seen.waitsFor]);
  return isQueued ? 'cancelled' : 'requested';
}

/** The payload of a run is kept as long as the run, counted from its end; in the run's own record it is anyway. */
async function keepTrigger(
  { triggers, retention }: RunRecords,
  seen: StoredRun,
  endedAt: number,
): Promise<void> {
  if (seen.body === undefined && retention.outlivesTrigger(queuedAtOf(seen), endedAt))
    await triggers.keepUntil(seen.triggerId, retention.expiryOf(endedAt));
}

function cancelChange(records: RunRecords, seen: StoredRun, endedAt: number): ItemChange {
  const nothing = { error: null, tokenUsage: null, costUsd: null, model: null };
  return endChange(records, seen, { status: 'cancelled', endedAt, ...nothing }, false);
}

/** Nobody is delivered a cancelled run. */
async function isAwaited(records: RunRecords, { agentName }: StoredRun, status: RunStatus): Promise<boolean> {
  return status !== 'cancelled' && (await records.hasReceivers(agentName));
}

/**
 * What every end writes. Where nobody is to get the run, it is done with; else it stays open until its deliveries are
 * planned, and `planned: false` tells the stream.
 */
function endChange(
  { retention }: RunRecords,
  seen: StoredRun,
  end: Pick<RunEnd, 'status' | 'endedAt' | 'error' | 'tokenUsage' | 'costUsd' | 'model'>,
  isAwaited: boolean,
): ItemChange {
  const { status, endedAt, error } = end;
  const closed = closedPlace(runIdOf(seen), status);
  return {
    set: {
      status,
      counted: countedOf(seen.startedAt, end),
      expiresAt: retention.expiryOf(endedAt),
      ...(error === null ? {} : { error }),
      ...(isAwaited ? { planned: false, dueAt: endedAt + planGraceMs, announcements: 0 } : closed.set),
    },
    remove: ['owner', 'leaseUntil', 'startedAt', 'slots', 'waitsFor', ...(isAwaited ? [] : closed.remove)],
  };
}

/** The record as `owner` holds it; `null` where it does not. */
async function heldRun(records: RunRecords, runId: string, owner: string): Promise<StoredRun | null> {
  const isHeld = (run: StoredRun | null) => run?.status === 'running' && run.owner === owner;
  const remembered = records.seen.take(runId);
  if (isHeld(remembered)) return remembered;
  const found = await findRun(records, runId);
  return isHeld(found) ? found : null;
}

/** Writes a change of the run as it was seen, frees its slots with it, and announces who gets them. */
async function write(records: RunRecords, seen: StoredRun, change: ItemChange): Promise<boolean> {
  const { slots } = seen;
  const written = await writeWith(records, seen, change, freeSlots(slots, runIdOf(seen)));
  if (written && slots.length > 0) await announceNext(records, slots);
  return written;
}

async function writeWith(
  { table }: RunRecords,
  seen: StoredRun,
  change: ItemChange,
  others: readonly Action[],
): Promise<boolean> {
  const key = runKey(runIdOf(seen));
  const condition = asSeen(seen);
  if (others.length === 0) return (await table.update(key, change, condition)) !== null;
  const actions = [{ update: key, change, condition }, ...others];
  return (await table.transact(actions)).outcome === 'written';
}
