import { randomUUID } from 'node:crypto';
import { eventLink } from '../../../core/events/operational-event.ts';
import type { RunEnd } from '../../../core/ports/run-store.ts';
import { hasEnded, type Interruption, type RunStatus } from '../../../core/runs/run.ts';
import type { Condition, ItemChange } from '../store/expressions.ts';
import { runKey, runScheduleKey } from '../store/keys.ts';
import { asSeen, giveUpSlots, lapseOf, leaveSlots } from './claim-run.ts';
import { findRun, noteRun, type RunRecords } from './run-records.ts';
import { announceNext, leaveQueue } from './slots.ts';
import {
  announceGraceMs,
  closedPlace,
  countedOf,
  dueSince,
  interruptedBy,
  runIdOf,
  type StoredRun,
} from './stored-run.ts';

/** The table's stream triggers planning within seconds of an end; after this time, the reconciler plans instead. */
const planGraceMs = 300_000;

/** An ended run frees its places within moments; after this time, the reconciler frees them instead. */
const leaveGraceMs = 60_000;

/**
 * `RunStore.end`: writes large parts first, then the record once, if `owner` still holds the run. The end is not part
 * of a transaction with slots: a contended slot record may cancel the transaction, and completed work would be
 * repeated.
 */
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
    end.publishes === false ? false : isAwaited(records, seen, end.status),
    records.attempts.write(runId, endId, { trace, end: { output, context, warnings } }),
  ]);
  await keepTrigger(records, seen, end.endedAt);
  const change = endChange(records, seen, end, awaited);
  const written = await records.table.update(
    runKey(runId),
    { ...change, set: { ...change.set, endId } },
    asSeen(seen),
  );
  // If the answer to the write was lost, the SDK's retry is refused. The record then shows whose end it holds.
  if (written === null && (await findRun(records, runId))?.endId !== endId) return 'lost';
  await leaveSlots(records, seen, afterEnd(runId, end, awaited));
  return 'ended';
}

/** `RunStore.release`: returns the run to the queue, with a message that arrives when the run may be claimed. */
export async function releaseRun(
  records: RunRecords,
  runId: string,
  owner: string,
  availableAt: number,
  interruption: Interruption | null,
): Promise<'released' | 'cancel-requested' | 'lost'> {
  const seen = await heldRun(records, runId, owner);
  if (seen === null) return 'lost';
  const change = queueAgain(seen, availableAt, interruption);
  const written = await records.table.update(runKey(runId), change, asWanted(seen));
  if (written === null) {
    const found = await findRun(records, runId);
    if (found?.claims !== seen.claims || hasEnded(found.status)) return 'lost';
    if (found.status === 'running') return 'cancel-requested';
    // The run was released, and only the answer was lost: the SDK's retry was refused.
  }
  await giveUpSlots(records, { ...seen, status: 'queued' });
  await records.queue.send([{ id: runId, group: seen.agentName }], availableAt - records.clock());
  return 'released';
}

/** Returns a run whose lease has lapsed to the queue, without a message. `null` if it has not, or the run moved on. */
export async function queueLapsedRun(
  records: RunRecords,
  seen: StoredRun,
  now: number,
): Promise<StoredRun | null> {
  if ((seen.leaseUntil ?? 0) > now) return null;
  const change = queueAgain(seen, now, lapseOf(seen, now));
  const written = await records.table.update(runKey(runIdOf(seen)), change, asSeen(seen));
  if (written === null) return null;
  const queued = noteRun(records, written);
  await giveUpSlots(records, queued);
  return queued;
}

function queueAgain(seen: StoredRun, availableAt: number, interruption: Interruption | null): ItemChange {
  return {
    set: {
      status: 'queued' satisfies RunStatus,
      ...(interruption === null ? { attempts: seen.attempts - 1 } : interruptedBy(seen, interruption)),
      availableAt,
      dueAt: availableAt + announceGraceMs,
      announcements: 0,
    },
    remove: ['owner', 'leaseUntil', 'startedAt'],
  };
}

/** One state of a run whose cancellation was not requested. */
function asWanted(seen: StoredRun): Condition {
  const { expression, values = {} } = asSeen(seen);
  return { expression: `${expression} AND attribute_not_exists(#cancelRequested)`, values };
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
  const isQueued = seen.status !== 'running';
  if (isQueued) await keepTrigger(records, seen, now);
  const change: ItemChange = isQueued ? cancelChange(records, seen, now) : { set: { cancelRequested: true } };
  // The run has changed in the meantime; it has only a few steps left until its end.
  if (!(await writeOutOfLine(records, seen, change))) return cancelRun(records, runId, now);
  if (!isQueued) return 'requested';
  // It may have been this run's turn; announce the next one.
  if (seen.waitsFor !== undefined) await announceNext(records, [seen.waitsFor]);
  // An interrupted attempt may have left the run in its places.
  await leaveSlots(records, seen, afterEnd(runId, { status: 'cancelled', endedAt: now }, false));
  return 'cancelled';
}

/**
 * Keeps a run's payload as long as the run, counted from its end. A payload in the run's own record needs no extension.
 */
async function keepTrigger(
  { triggers, retention }: RunRecords,
  seen: StoredRun,
  endedAt: number,
): Promise<void> {
  if (seen.body === undefined && retention.outlivesTrigger(dueSince(seen), endedAt))
    await triggers.keepUntil(seen.triggerId, retention.expiryOf(endedAt));
}

function cancelChange(records: RunRecords, seen: StoredRun, endedAt: number): ItemChange {
  const nothing = { error: null, tokenUsage: null, costUsd: null, model: null };
  return endChange(records, seen, { status: 'cancelled', endedAt, ...nothing }, false);
}

/** A cancelled run is not delivered. */
async function isAwaited(records: RunRecords, { agentName }: StoredRun, status: RunStatus): Promise<boolean> {
  if (status === 'cancelled') return false;
  if (await records.hasReceivers(agentName)) return true;
  return status === 'failed' && (await records.hasReceivers(eventLink('run.failed')));
}

/** What every end writes. A run in slots stays open until it has left them, and only then moves on: see `afterEnd`. */
function endChange(
  { retention }: RunRecords,
  seen: StoredRun,
  end: Pick<RunEnd, 'status' | 'endedAt' | 'error' | 'tokenUsage' | 'costUsd' | 'model' | 'publishes'>,
  isAwaited: boolean,
): ItemChange {
  const { status, endedAt, error } = end;
  const next =
    seen.slots.length === 0
      ? afterEnd(runIdOf(seen), end, isAwaited)
      : { set: { dueAt: endedAt + leaveGraceMs, announcements: 0 }, remove: [] };
  return {
    set: {
      status,
      counted: countedOf(seen.startedAt, end),
      expiresAt: retention.expiryOf(endedAt),
      ...(error === null ? {} : { error }),
      ...(end.publishes === false ? { unpublished: true } : {}),
      ...next.set,
    },
    remove: ['owner', 'leaseUntil', 'startedAt', 'waitsFor', ...next.remove],
  };
}

/**
 * Where an ended run goes. Without receivers it is closed; otherwise it stays open until its deliveries are planned,
 * and `planned: false` triggers the stream.
 */
function afterEnd(
  runId: string,
  { status, endedAt }: Pick<RunEnd, 'status' | 'endedAt'>,
  isAwaited: boolean,
): Required<Pick<ItemChange, 'set' | 'remove'>> {
  if (!isAwaited) return closedPlace(runId, status);
  return { set: { planned: false, dueAt: endedAt + planGraceMs, announcements: 0 }, remove: [] };
}

/** The record if `owner` holds it, otherwise `null`. */
async function heldRun(records: RunRecords, runId: string, owner: string): Promise<StoredRun | null> {
  const isHeld = (run: StoredRun | null) => run?.status === 'running' && run.owner === owner;
  const remembered = records.seen.take(runId);
  if (isHeld(remembered)) return remembered;
  const found = await findRun(records, runId);
  return isHeld(found) ? found : null;
}

/**
 * Writes a change to a run as it was last read. In the same transaction, a queued run leaves the line for a place, and a
 * scheduled one loses its time.
 */
async function writeOutOfLine({ table }: RunRecords, seen: StoredRun, change: ItemChange): Promise<boolean> {
  const key = runKey(runIdOf(seen));
  const condition = asSeen(seen);
  const others = [
    ...leaveQueue(seen),
    ...(seen.status === 'scheduled' ? [{ delete: runScheduleKey(runIdOf(seen)) }] : []),
  ];
  if (others.length === 0) return (await table.update(key, change, condition)) !== null;
  return (await table.transact([{ update: key, change, condition }, ...others])).outcome === 'written';
}
