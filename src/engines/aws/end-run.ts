import { randomUUID } from 'node:crypto';
import type { Interruption } from '../../core/interruption.ts';
import type { RunEnd } from '../../core/ports/run-store.ts';
import { hasEnded, type RunStatus } from '../../core/run.ts';
import { asSeen, freeSlots } from './claim-run.ts';
import type { Condition, ItemChange } from './expressions.ts';
import { listKey, runKey } from './keys.ts';
import { objectPrefixes } from './payload-objects.ts';
import { findRun, type RunRecords } from './run-records.ts';
import { writeTrace } from './run-trace.ts';
import { announceGraceMs, interruptedBy, placeOf, type StoredEnd, type StoredRun } from './stored-run.ts';

/** Planning follows an end within seconds, by the table's stream; after this the reconciler does it. */
const planGraceMs = 300_000;

/** `RunStore.end`: large parts first, then the record once, if `owner` still holds the run. */
export async function endRun(
  records: RunRecords,
  runId: string,
  owner: string,
  end: RunEnd,
): Promise<'ended' | 'lost'> {
  const seen = await findRun(records, runId);
  if (seen === null || !isHeld(seen, owner)) return 'lost';
  const endId = randomUUID();
  const { output, context, warnings } = end;
  const text = JSON.stringify({ output, context, warnings } satisfies StoredEnd);
  const [body] = await Promise.all([
    records.objects.keep(`${objectPrefixes.runs}${runId}/${endId}`, text),
    writeTrace(records, runId, owner, end.trace, 'end'),
  ]);
  const { status, endedAt, error, tokenUsage, costUsd, model } = end;
  await keepTrigger(records, seen, endedAt);
  const change: ItemChange = {
    set: {
      ...endOf(runId, status, endedAt, records.retention.expiryOf(endedAt)),
      ...body,
      endId,
      error,
      tokenUsage,
      costUsd,
      model,
      slots: [],
    },
    remove: ['leaseUntil'],
  };
  if (await write(records, seen, change)) return 'ended';
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
  const seen = await findRun(records, runId);
  if (seen === null || !isHeld(seen, owner)) return 'lost';
  const change: ItemChange = {
    set: {
      status: 'queued' satisfies RunStatus,
      ...placeOf(runId, 'queued'),
      ...interruptedBy(seen, interruption),
      availableAt,
      startedAt: null,
      slots: [],
      dueAt: availableAt + announceGraceMs,
      announcements: 0,
    },
    remove: ['owner', 'leaseUntil'],
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
  if (seen.status === 'queued') await keepTrigger(records, seen, now);
  const change: ItemChange =
    seen.status === 'queued'
      ? { set: endOf(runId, 'cancelled', now, records.retention.expiryOf(now)) }
      : { set: { cancelRequested: true } };
  const written = await records.table.update(runKey(runId), change, asSeen(seen));
  // It moved on meanwhile, and moves at most some steps to its end.
  if (written === null) return cancelRun(records, runId, now);
  return seen.status === 'queued' ? 'cancelled' : 'requested';
}

/** The payload of a run is kept as long as the run, counted from its end. */
async function keepTrigger(
  { triggers, retention }: RunRecords,
  { triggerId, queuedAt }: StoredRun,
  endedAt: number,
): Promise<void> {
  if (retention.outlivesTrigger(queuedAt, endedAt))
    await triggers.keepUntil(triggerId, retention.expiryOf(endedAt));
}

/** What every end writes: the status, its place in lists, and `planned` for the stream and the reconciler to see. */
function endOf(
  runId: string,
  status: RunStatus,
  endedAt: number,
  expiresAt: number,
): Record<string, unknown> {
  return {
    status,
    ...placeOf(runId, status),
    endedAt,
    expiresAt,
    planned: false,
    dueKey: listKey('RUN', runId),
    dueAt: endedAt + planGraceMs,
    announcements: 0,
  };
}

async function write(records: RunRecords, seen: StoredRun, change: ItemChange): Promise<boolean> {
  const { runId, slots } = seen;
  const condition: Condition = asSeen(seen);
  if (slots.length === 0) return (await records.table.update(runKey(runId), change, condition)) !== null;
  const actions = [{ update: runKey(runId), change, condition }, ...freeSlots(slots, runId)];
  return (await records.table.transact(actions)).outcome === 'written';
}

function isHeld(seen: StoredRun, owner: string): boolean {
  return seen.status === 'running' && seen.owner === owner;
}
