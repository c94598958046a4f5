import * as z from 'zod';
import { type DrainPace, drainPace } from '../../../core/control/drain-pace.ts';
import { type Hold, holdsDeliveries } from '../../../core/control/hold.ts';
import type { Delivery, DeliveryStatus } from '../../../core/deliveries/delivery.ts';
import type { DeliveryStore } from '../../../core/ports/delivery-store.ts';
import type { HoldStore, Released, Waiting } from '../../../core/ports/hold-store.ts';
import { hasEnded } from '../../../core/runs/run.ts';
import { dueDelivery, placeOf } from '../deliveries/stored-delivery.ts';
import { queueLapsedRun } from '../runs/end-run.ts';
import { findRun, type RunRecords } from '../runs/run-records.ts';
import { queueDueRun } from '../runs/scheduled-runs.ts';
import { headOfLine, standInLine, type WaitingRun, waitingItem } from '../runs/slots.ts';
import { announceGraceMs, heldDueAt, type StoredRun } from '../runs/stored-run.ts';
import type { Condition, ItemChange } from '../store/expressions.ts';
import {
  deliveryKey,
  holdKey,
  holdsPartition,
  listedAt,
  runKey,
  timeOf,
  waitingPrefix,
} from '../store/keys.ts';
import { allItems, type Item } from '../store/table.ts';
import type { WorkQueue } from '../work-queue.ts';

const storedHold = z.object({
  key: z.string(),
  since: z.number(),
  by: z.string().nullable(),
  reason: z.string(),
  drainPerMinute: z.number().nullable(),
  drainingSince: z.number().nullable(),
  /** When the next run of a drain may go on, Unix ms. */
  nextAt: z.number().default(0),
  /** Place of the last run that the drain has let go on; those behind it wait. */
  upTo: z.string().default(''),
});
type StoredHold = z.infer<typeof storedHold>;

/** Age of the holds that a function knows. */
const knownForMs = 5_000;
/** The reconciler calls every minute. */
const windowMs = 90_000;
/** Runs released per call: takes some seconds. */
const releasedAtATime = 500;
/** Of waiting runs: about 2 MB of records. */
const countedAtMost = 10_000;

/** Keeps holds in the table. Their runs stand in line, as for a place in a slot. */
export function holdStore(runs: RunRecords, deliveries: HeldDeliveries, keptMs: number): HoldStore {
  const records: HoldRecords = { ...runs, deliveries };
  const { table, clock } = records;
  let known: { readonly holds: ReadonlyMap<string, Hold>; readonly at: number } | null = null;

  const list = async (): Promise<readonly Hold[]> => {
    const holds: Hold[] = [];
    for await (const item of allItems(table, { partition: holdsPartition })) holds.push(holdOf(item));
    known = { holds: new Map(holds.map((hold) => [hold.key, hold])), at: clock() };
    return holds.sort((one, other) => one.since - other.since);
  };
  const ageMs = () => (known === null ? Number.POSITIVE_INFINITY : Math.abs(clock() - known.at));

  return {
    windowMs,
    keptMs,
    knownForMs,
    // New runs are stopped when they are to start: checking in the write of an event would cost more than that.
    atHand: () => none,
    list,
    async known() {
      if (ageMs() >= knownForMs) await list();
      return known?.holds ?? none;
    },
    async begin(hold) {
      const { key, since, by, reason, drainPerMinute } = hold;
      await table.put({ ...holdKey(key), key, since, by, reason, drainPerMinute, drainingSince: null });
      known = null;
    },
    async drain(key, perMinute, now) {
      const draining = await table.update(
        holdKey(key),
        { set: { drainPerMinute: perMinute } },
        { expression: 'attribute_exists(#pk) AND #drainingSince > :never', values: { ':never': 0 } },
      );
      const change: ItemChange = {
        set: { drainPerMinute: perMinute, drainingSince: now, nextAt: now, upTo: '' },
      };
      const ended =
        draining ?? (await table.update(holdKey(key), change, { expression: 'attribute_exists(#pk)' }));
      known = null;
      return ended !== null;
    },
    holdRun: (runId, key, _slots, now) => holdRun(records, runId, key, now),
    holdDelivery: (delivery, owner, hold) => holdDelivery(records, delivery, owner, hold.key),
    release: (key, now, until) => release(records, key, now, until),
    async longestWaiting(key, limit) {
      return (await headOfLine(table, key, limit)).map(({ runId }) => runId);
    },
    waiting: (key) => waiting(records, key),
  };
}

const none: ReadonlyMap<string, Hold> = new Map();

function holdOf(item: Item): Hold {
  const { nextAt: _nextAt, upTo: _upTo, ...hold } = storedHold.parse(item);
  return hold;
}

async function find({ table }: RunRecords, key: string): Promise<StoredHold | null> {
  const item = await table.get(holdKey(key));
  return item === null ? null : storedHold.parse(item);
}

/** `HoldStore.holdRun`. */
async function holdRun(
  records: RunRecords,
  runId: string,
  key: string,
  now: number,
): Promise<'held' | 'free'> {
  const found = await findRun(records, runId);
  if (found === null || hasEnded(found.status) || !holds(await find(records, key), found)) return 'free';
  const seen = await queuedRun(records, found, now);
  if (seen === null) return 'free';
  await standInLine(records, seen, key, heldDueAt);
  // A drain that did not find the run in line has ended the hold, or passed the run's place, before this read.
  return holds(await find(records, key), seen) ? 'held' : 'free';
}

/** The run in the queue: a scheduled one if it is due, a running one if its lease has lapsed; otherwise `null`. */
async function queuedRun(records: RunRecords, found: StoredRun, now: number): Promise<StoredRun | null> {
  if (found.status === 'scheduled') return queueDueRun(records, found, now);
  return found.status === 'running' ? queueLapsedRun(records, found, now) : found;
}

function holds(hold: StoredHold | null, { listed }: Pick<StoredRun, 'listed'>): boolean {
  return hold !== null && (hold.drainingSince === null || listed > hold.upTo);
}

/** `HoldStore.holdDelivery`: like `holdRun`, for deliveries. */
async function holdDelivery(
  records: HoldRecords,
  { deliveryId, connectorId, createdAt }: Delivery,
  owner: string,
  key: string,
): Promise<'held' | 'free'> {
  const hold = await find(records, key);
  const place = { listed: listedAt(createdAt, deliveryId) };
  if (hold === null || !holds(hold, place)) return 'free';
  const waiting = waitingItem(records, { ...place, agentName: connectorId }, key, createdAt);
  await records.table.put(waiting);
  await records.deliveries.hold(deliveryId, owner, hold.reason);
  if (!holds(await find(records, key), place)) {
    const { pk, sk } = waiting;
    await letGoOn(records, key, [{ pk, sk, runId: deliveryId, agentName: connectorId }], atOnce, 0);
  }
  return 'held';
}

/** `HoldStore.release`. Of concurrent calls, one releases a run. */
async function release(records: HoldRecords, key: string, now: number, until: number): Promise<Released> {
  const hold = await find(records, key);
  if (hold === null || hold.drainingSince === null) return nothing;
  const pace = drainPace(hold.drainPerMinute, hold.nextAt, now, until, releasedAtATime);
  if (pace.count === 0) return nothing;
  const head = await headOfLine(records.table, key, pace.count);
  const last = head.at(-1);
  if (last === undefined) return { runs: await endHold(records, hold), more: false };
  const next = { nextAt: pace.firstAt + head.length * pace.everyMs, upTo: placeInHold(last) };
  const moved = await records.table.update(holdKey(key), { set: next }, asSeen(hold));
  if (moved === null) return nothing;
  await letGoOn(records, key, head, pace, now);
  // None of those that waited is left. With new runs all the time, the line is never empty when it is looked at.
  const late = head.length < pace.count ? await endHold(records, { ...hold, ...next }) : 0;
  return { runs: head.length + late, more: head.length === releasedAtATime };
}

const atOnce = { firstAt: 0, everyMs: 0 };
const nothing: Released = { runs: 0, more: false };

/** Removes a hold without waiting runs. Runs that stood in line before it was gone go on at once. */
async function endHold(records: HoldRecords, hold: StoredHold): Promise<number> {
  const { table } = records;
  const { key } = hold;
  const gone = await table.transact([{ delete: holdKey(key), condition: asSeen(hold) }]);
  if (gone.outcome === 'refused') return 0;
  let runs = 0;
  for (;;) {
    const late = await headOfLine(table, key, releasedAtATime);
    if (late.length === 0) return runs;
    await letGoOn(records, key, late, atOnce, 0);
    runs += late.length;
  }
}

function asSeen({ drainingSince, nextAt, upTo }: StoredHold): Condition {
  return {
    expression: '#drainingSince = :drainingSince AND #nextAt = :nextAt AND #upTo = :upTo',
    values: { ':drainingSince': drainingSince, ':nextAt': nextAt, ':upTo': upTo },
  };
}

async function waiting({ table }: RunRecords, key: string): Promise<Waiting> {
  const found = await headOfLine(table, key, countedAtMost + 1);
  const [oldest] = found;
  return {
    count: Math.min(found.length, countedAtMost),
    oldestQueuedAt: oldest === undefined ? null : timeOf(placeInHold(oldest)),
    more: found.length > countedAtMost,
  };
}

/** A run's place in lists. */
function placeInHold({ sk }: WaitingRun): string {
  return sk.slice(waitingPrefix.length);
}

/** Deliveries that wait in holds, as far as holds change them. */
interface HeldDeliveries {
  readonly hold: DeliveryStore['hold'];
  readonly queue: WorkQueue;
}

interface HoldRecords extends RunRecords {
  readonly deliveries: HeldDeliveries;
}

/** Records written at a time. */
const writtenAtATime = 25;

/**
 * Lets runs or deliveries go on that wait in a hold: each gets a message that arrives at its time. Its own record is written
 * before its place in line is removed. If this breaks off, the reconciler
 * or the next release finds those that were not reached.
 */
async function letGoOn(
  records: HoldRecords,
  key: string,
  runs: readonly WaitingRun[],
  { firstAt, everyMs }: Pick<DrainPace, 'firstAt' | 'everyMs'>,
  now: number,
): Promise<void> {
  /** Runs by the second in which they go on, counted from now: messages are delayed by whole seconds. */
  const bySecond = new Map<number, WaitingRun[]>();
  for (const [index, run] of runs.entries()) {
    const second = Math.max(0, Math.ceil((firstAt + index * everyMs - now) / 1_000));
    bySecond.set(second, [...(bySecond.get(second) ?? []), run]);
  }
  for (const [second, due] of bySecond) {
    for (let start = 0; start < due.length; start += writtenAtATime) {
      const portion = due.slice(start, start + writtenAtATime);
      const isOfDeliveries = holdsDeliveries(key);
      const goesOn = isOfDeliveries ? sendOn : startAgain;
      await Promise.all(
        portion.map(async (waiting) => {
          await goesOn(records, key, waiting, now + second * 1_000);
          await records.table.delete({ pk: waiting.pk, sk: waiting.sk });
        }),
      );
      await (isOfDeliveries ? records.deliveries.queue : records.queue).send(
        portion.map(({ runId, agentName }) => ({ id: runId, group: agentName })),
        second * 1_000,
      );
    }
  }
}

async function startAgain(
  { table }: HoldRecords,
  key: string,
  { runId }: WaitingRun,
  at: number,
): Promise<void> {
  await table.update(
    runKey(runId),
    { set: { dueAt: at + announceGraceMs, announcements: 0 }, remove: ['waitsFor'] },
    { expression: '#waitsFor = :key AND #status = :queued', values: { ':key': key, ':queued': 'queued' } },
  );
}

/** An operator may have dropped the delivery, or sent it. */
async function sendOn(
  { table, clock }: HoldRecords,
  _key: string,
  { runId: deliveryId }: WaitingRun,
  at: number,
): Promise<void> {
  const status: DeliveryStatus = 'pending';
  await table.update(
    deliveryKey(deliveryId),
    {
      set: {
        status,
        reason: null,
        ...placeOf(deliveryId, status).set,
        nextAttemptAt: at,
        ...dueDelivery(at, clock()),
      },
    },
    { expression: '#status = :held', values: { ':held': 'held' satisfies DeliveryStatus } },
  );
}
