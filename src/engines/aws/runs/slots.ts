import * as z from 'zod';
import type { Lease, Slot } from '../../../core/ports/run-store.ts';
import type { ItemChange } from '../store/expressions.ts';
import type { ItemKey } from '../store/keys.ts';
import { runKey, slotKey, timeBound, waitingKey, waitingPrefix } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { Action } from '../store/transaction.ts';
import { lastSeen, noteRun, type RunRecords } from './run-records.ts';
import { announceGraceMs, queuedAtOf, runIdOf, type StoredRun } from './stored-run.ts';

/*
 * Places of a concurrency limit. A slot's record is the set of the runs in it. Beside it is one record for each run that
 * waits for a place, in the order in which the runs were queued; the run that frees a place announces the first of them.
 */

interface FreedSlot {
  readonly update: ItemKey;
  readonly change: ItemChange;
}

/** A slot that nobody asks for is forgotten this long after its last lease. No lease is longer than a function runs. */
const forgottenAfterSeconds = 86_400;

const slotRecord = z.object({ holders: z.set(z.string()).default(new Set()) });
const waitingRecord = z.object({ pk: z.string(), sk: z.string(), runId: z.string(), agentName: z.string() });

/** The writes of a claim: takes the lease's slots, and gives back those of an expired lease that this one does not want. */
export function slotChanges(seen: StoredRun, { slots, until }: Lease): Action[] {
  const wanted = new Set(slots.map((slot) => slot.key));
  return [
    ...slots.map((slot) => takeSlot(slot, runIdOf(seen), until)),
    ...freeSlots(
      seen.slots.filter((key) => !wanted.has(key)),
      runIdOf(seen),
    ),
    ...leaveQueue(seen),
  ];
}

/** A run that is in the slot already takes no second place. */
function takeSlot(slot: Slot, runId: string, until: number): Action {
  return {
    update: slotKey(slot.key),
    change: {
      set: { expiresAt: expiryAfter(until) },
      add: { holders: new Set([runId]) },
    },
    condition: {
      expression: 'attribute_not_exists(#holders) OR contains(#holders, :runId) OR size(#holders) < :limit',
      values: { ':runId': runId, ':limit': slot.limit },
    },
  };
}

/** The writes that take a run out of slots. */
export function freeSlots(slots: readonly string[], runId: string): FreedSlot[] {
  return slots.map((slot) => ({ update: slotKey(slot), change: { take: { holders: new Set([runId]) } } }));
}

/** The write that takes a run out of the queue for a place; none where it is in no queue. */
export function leaveQueue(run: StoredRun): Action[] {
  return run.waitsFor === undefined ? [] : [{ delete: waitingKey(run.waitsFor, run.listed) }];
}

/**
 * Queues a run for a place in a slot that was full.
 *
 * @returns `free` where a place was freed meanwhile: nobody will announce the run, so the caller tries again
 */
export async function waitForSlot(
  records: RunRecords,
  runId: string,
  slot: Slot,
): Promise<'waiting' | 'free'> {
  const seen = await lastSeen(records, runId);
  if (seen === null || seen.status !== 'queued') return 'waiting';
  await standInLine(records, seen, slot.key);
  // Whoever frees a place after this look finds the run in the queue.
  const item = await records.table.get(slotKey(slot.key));
  const { holders } = slotRecord.parse(item ?? {});
  return holders.size < slot.limit ? 'free' : 'waiting';
}

/** Puts the run into the line for a place; out of another one, whose place goes to the next if it was the run's turn there. */
async function standInLine(records: RunRecords, seen: StoredRun, slot: string): Promise<void> {
  const { table, clock, retention } = records;
  const { agentName, listed, waitsFor } = seen;
  const runId = runIdOf(seen);
  const expiresAt = retention.expiryOfUnended(queuedAtOf(seen));
  await table.put({ ...waitingKey(slot, listed), runId, agentName, expiresAt });
  // A run that waits here already was looked at once more: the reconciler's pauses go on growing.
  if (waitsFor === slot) return;
  const marked = await table.update(
    runKey(runId),
    { set: { waitsFor: slot, dueAt: clock() + announceGraceMs, announcements: 0 } },
    { expression: '#status = :queued', values: { ':queued': 'queued' } },
  );
  if (marked === null) {
    await table.delete(waitingKey(slot, listed));
    return;
  }
  noteRun(records, marked);
  if (waitsFor === undefined) return;
  const wasInLine = (await table.delete(waitingKey(waitsFor, listed))) !== null;
  if (!wasInLine) await announceNext(records, [waitsFor]);
}

/** Announces the run that is next in each of these slots, a place of which has just been freed. */
export async function announceNext(records: RunRecords, slots: readonly string[]): Promise<void> {
  const next = await Promise.all(slots.map((slot) => takeNext(records.table, slot)));
  await records.queue.send(next.flat());
}

async function takeNext(table: Table, slot: string): Promise<{ id: string; group: string }[]> {
  const { pk } = slotKey(slot);
  const bounds = [`${waitingPrefix}${timeBound(0)}`, `${waitingPrefix}~`] as const;
  const { items } = await table.query({ partition: pk, between: bounds, limit: 1 });
  const [first] = items.map((item) => waitingRecord.parse(item));
  if (first === undefined) return [];
  const key: ItemKey = { pk: first.pk, sk: first.sk };
  const taken = await table.delete(key);
  return taken === null ? takeNext(table, slot) : [{ id: first.runId, group: first.agentName }];
}

/** Unix seconds. @param until end of a lease, Unix ms */
function expiryAfter(until: number): number {
  return Math.ceil(until / 1_000) + forgottenAfterSeconds;
}
