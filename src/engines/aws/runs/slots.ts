import * as z from 'zod';
import { isHold } from '../../../core/control/hold.ts';
import type { Lease, Slot } from '../../../core/ports/run-store.ts';
import type { Action, ItemChange } from '../store/expressions.ts';
import { type ItemKey, idOf, runKey, slotKey, timeBound, waitingKey, waitingPrefix } from '../store/keys.ts';
import { allItems, type Item, type Table } from '../store/table.ts';
import { lastSeen, noteRun, type RunRecords } from './run-records.ts';
import { announceGraceMs, dueSince, runIdOf, type StoredRun } from './stored-run.ts';

/*
 * Places in concurrency limits. A slot's record is the set of runs in it. Next to it is one record for each waiting
 * run, in queueing order. The run that frees a place announces the first of them.
 */

interface FreedSlot {
  readonly update: ItemKey;
  readonly change: ItemChange;
}

/** Time after its last lease until an unused slot is removed. No lease is longer than a function's timeout. */
const forgottenAfterSeconds = 86_400;

const slotRecord = z.object({ holders: z.set(z.string()).default(new Set()) });
const waitingRecord = z.object({ pk: z.string(), sk: z.string(), runId: z.string(), agentName: z.string() });
export type WaitingRun = z.infer<typeof waitingRecord>;

/**
 * The writes of a claim: takes the lease's slots, and frees those of an expired lease that the new one does not need.
 */
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

/** A run that is already in the slot takes no second place. */
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

/** The write that takes a run out of the line for a place; none if it is not in line. */
export function leaveQueue(run: StoredRun): Action[] {
  return run.waitsFor === undefined ? [] : [{ delete: waitingKey(run.waitsFor, run.listed) }];
}

/**
 * Makes a run wait for a place in a full slot.
 *
 * @returns `free` if a place was freed in the meantime: no other run will announce this one, so the caller tries again
 */
export async function waitForSlot(
  records: RunRecords,
  runId: string,
  slot: Slot,
): Promise<'waiting' | 'free'> {
  const seen = await lastSeen(records, runId);
  if (seen === null || seen.status !== 'queued') return 'waiting';
  await standInLine(records, seen, slot.key, records.clock() + announceGraceMs);
  // A run that frees a place after this read finds the waiting run in line.
  const item = await records.table.get(slotKey(slot.key));
  const { holders } = slotRecord.parse(item ?? {});
  return holders.size < slot.limit ? 'free' : 'waiting';
}

/**
 * Puts the run in line for a place and removes it from its previous line. If it was the run's turn there, announces the
 * next.
 *
 * @param dueAt when the reconciler looks at the run, Unix ms
 */
export async function standInLine(
  records: RunRecords,
  seen: StoredRun,
  slot: string,
  dueAt: number,
): Promise<void> {
  const { table } = records;
  const { listed, waitsFor } = seen;
  const runId = runIdOf(seen);
  await table.put(waitingItem(records, seen, slot, dueSince(seen)));
  // The run already waits here: leave its fields, so that the reconciler's pauses keep growing.
  if (waitsFor === slot) return;
  const marked = await table.update(
    runKey(runId),
    { set: { waitsFor: slot, dueAt, announcements: 0 } },
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

/**
 * The record of a run in line for a place.
 *
 * @param since since when it could have started, Unix ms
 */
export function waitingItem(
  { retention }: Pick<RunRecords, 'retention'>,
  { listed, agentName }: Pick<StoredRun, 'listed' | 'agentName'>,
  slot: string,
  since: number,
): Item & ItemKey {
  const expiresAt = retention.expiryOfUnended(since);
  return { ...waitingKey(slot, listed), runId: idOf(listed), agentName, expiresAt };
}

/** The runs at the head of a line, at most `limit`. */
export async function headOfLine(table: Table, slot: string, limit: number): Promise<WaitingRun[]> {
  const { pk } = slotKey(slot);
  const bounds = [`${waitingPrefix}${timeBound(0)}`, `${waitingPrefix}~`] as const;
  const found: WaitingRun[] = [];
  for await (const item of allItems(table, { partition: pk, between: bounds, limit })) {
    if (found.push(waitingRecord.parse(item)) === limit) break;
  }
  return found;
}

/** Announces the next run in line for each of these slots, where a place has just been freed. A hold has no places. */
export async function announceNext(records: RunRecords, slots: readonly string[]): Promise<void> {
  const withPlaces = slots.filter((slot) => !isHold(slot));
  const next = await Promise.all(withPlaces.map((slot) => takeNext(records.table, slot)));
  await records.queue.send(next.flat());
}

async function takeNext(table: Table, slot: string): Promise<{ id: string; group: string }[]> {
  const [first] = await headOfLine(table, slot, 1);
  if (first === undefined) return [];
  const key: ItemKey = { pk: first.pk, sk: first.sk };
  const taken = await table.delete(key);
  return taken === null ? takeNext(table, slot) : [{ id: first.runId, group: first.agentName }];
}

/** In Unix seconds. @param until end of a lease, Unix ms */
function expiryAfter(until: number): number {
  return Math.ceil(until / 1_000) + forgottenAfterSeconds;
}
