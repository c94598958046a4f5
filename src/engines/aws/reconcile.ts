import * as z from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import { hasEnded, runStatuses } from '../../core/runs/run.ts';
import { messageDelay } from './runs/scheduled-runs.ts';
import type { Condition } from './store/expressions.ts';
import { type ListedKind, listedAt, listKeys, tableIndexes, timeBound } from './store/keys.ts';
import { allItems, type Item, type Table } from './store/table.ts';
import type { WorkQueue } from './work-queue.ts';

export interface ReconcileParts {
  readonly table: Table;
  readonly runQueue: WorkQueue;
  readonly deliveryQueue: WorkQueue;
  readonly planDeliveries: (runId: string) => Promise<unknown>;
  /** Frees the places in concurrency limits that an ended run still holds. */
  readonly freePlaces: (runId: string) => Promise<void>;
  readonly clock: () => number;
  readonly log: Log;
}

/** How much stalled work was resumed, and how many scheduled runs were announced. */
export interface Reconciled {
  /** Queued runs that no executor claimed, and running ones with an expired lease. */
  readonly runs: number;
  /** Ended runs with unplanned deliveries or with places in concurrency limits that were not freed. */
  readonly plans: number;
  /** Due deliveries without an attempt. These include all that waited longer than a message's maximum delay. */
  readonly deliveries: number;
  /** Scheduled runs that are due before the next pass, or were due before this one. */
  readonly scheduled: number;
}

/** Maximum items per partition and pass. The rest wait for the next pass, a minute later. */
const itemsPerPartition = 500;

/**
 * Pauses before an item is handled again, in ms, so that copies of messages do not pile up in a queue with a backlog.
 */
const lookAgainMs = [120_000, 480_000, 1_920_000, 7_200_000];

/** How far ahead scheduled runs are announced, in ms: beyond the next pass, so that none is late. */
const aheadMs = 75_000;
/** Scheduled runs announced at the same time, and in one pass, per partition. */
const announcedAtOnce = 100;
const scheduledPerPartition = 10_000;

const dueItem = z.object({
  pk: z.string(),
  sk: z.string(),
  dueAt: z.number(),
  announcements: z.number().default(0),
});
const dueRun = dueItem.extend({ status: z.enum(runStatuses), agentName: z.string() });
const dueSchedule = dueItem.extend({ agentName: z.string(), listed: z.string() });
const dueDelivery = dueItem.extend({ connectorId: z.string() });

/**
 * One pass over all stalled work: sends its message again, or plans its deliveries. Runs every minute; concurrent
 * passes do no harm.
 *
 * @throws RetryableError when the table is unavailable
 */
export async function reconcile(parts: ReconcileParts): Promise<Reconciled> {
  const found = await Promise.all([
    ...listKeys('OPEN-RUN').map((partition) => reconcileRuns(parts, partition)),
    ...listKeys('SCHEDULED-RUN').map((partition) => announceScheduled(parts, partition)),
    ...listKeys('OPEN-DELIVERY').map((partition) => reconcileDeliveries(parts, partition)),
  ]);
  const sum = (of: keyof Reconciled) => found.reduce((total, counts) => total + (counts[of] ?? 0), 0);
  const reconciled = {
    runs: sum('runs'),
    plans: sum('plans'),
    deliveries: sum('deliveries'),
    scheduled: sum('scheduled'),
  };
  parts.log.info('engine.reconciled', reconciled);
  return reconciled;
}

async function reconcileRuns(parts: ReconcileParts, partition: string): Promise<Partial<Reconciled>> {
  const due = (await dueItems(parts, partition)).map((item) => dueRun.parse(item));
  const ended = due.filter(({ status }) => hasEnded(status));
  for (const run of ended) await plan(parts, run);
  const waiting = await postponeAll(
    parts,
    due.filter(({ status }) => !hasEnded(status)),
  );
  await parts.runQueue.send(waiting.map((run) => ({ id: idOf('RUN', run), group: run.agentName })));
  return { runs: waiting.length, plans: ended.length };
}

/** Announces the runs that are due soon, each with a message that arrives in time. */
async function announceScheduled(parts: ReconcileParts, partition: string): Promise<Partial<Reconciled>> {
  const { table, clock, runQueue } = parts;
  const query = {
    index: tableIndexes.byState,
    partition,
    between: [timeBound(0), timeBound(clock() + aheadMs)] as const,
  };
  let due: z.infer<typeof dueSchedule>[] = [];
  let scheduled = 0;
  const announce = async () => {
    const announced = (await Promise.all(due.map((item) => lookAgain(parts, item)))).filter(
      (item) => item !== null,
    );
    const now = clock();
    await runQueue.send(
      announced.map((item) => ({
        id: idOf('RUN', item),
        group: item.agentName,
        delayMs: messageDelay(item.dueAt, now),
      })),
    );
    scheduled += announced.length;
    due = [];
  };
  for await (const item of allItems(table, query)) {
    due.push(dueSchedule.parse(item));
    if (due.length === announcedAtOnce) await announce();
    if (scheduled >= scheduledPerPartition) break;
  }
  await announce();
  return { scheduled };
}

/** Moves a scheduled run to the time of the next look, before it is announced. `null` if it has moved on. */
async function lookAgain(
  { table, clock }: ReconcileParts,
  item: z.infer<typeof dueSchedule>,
): Promise<z.infer<typeof dueSchedule> | null> {
  const { pk, sk, dueAt, announcements, listed } = item;
  const at = Math.max(clock(), dueAt) + waitAfter(announcements);
  const change = { set: { listed: listedAt(at, idOf('RUN', item)), announcements: announcements + 1 } };
  const asSeen = { expression: '#listed = :seenListed', values: { ':seenListed': listed } };
  return (await table.update({ pk, sk }, change, asSeen)) === null ? null : item;
}

async function reconcileDeliveries(parts: ReconcileParts, partition: string): Promise<Partial<Reconciled>> {
  const due = (await dueItems(parts, partition)).map((item) => dueDelivery.parse(item));
  const waiting = await postponeAll(parts, due);
  await parts.deliveryQueue.send(
    waiting.map((delivery) => ({ id: idOf('DELIVERY', delivery), group: delivery.connectorId })),
  );
  return { deliveries: waiting.length };
}

/** A filter for items that are due by `now` (Unix ms). */
export function dueBy(now: number): Condition {
  return { expression: '#dueAt <= :now', values: { ':now': now } };
}

async function dueItems({ table, clock }: ReconcileParts, partition: string): Promise<Item[]> {
  const due: Item[] = [];
  const query = { index: tableIndexes.byState, partition, filter: dueBy(clock()) };
  for await (const item of allItems(table, query)) if (due.push(item) === itemsPerPartition) break;
  return due;
}

/** A run that cannot be planned now is planned later and does not block other runs. */
async function plan(parts: ReconcileParts, run: z.infer<typeof dueRun>): Promise<void> {
  try {
    await parts.freePlaces(idOf('RUN', run));
    await parts.planDeliveries(idOf('RUN', run));
  } catch (thrown) {
    parts.log.error('deliveries.not-planned', { run_id: idOf('RUN', run), reason: messageOf(thrown) });
    await postpone(parts, run);
  }
}

async function postponeAll<Due extends z.infer<typeof dueItem>>(
  parts: ReconcileParts,
  due: readonly Due[],
): Promise<Due[]> {
  const postponed: Due[] = [];
  for (const item of due) if (await postpone(parts, item)) postponed.push(item);
  return postponed;
}

/** `false` if the item has moved on in the meantime. */
async function postpone({ table, clock }: ReconcileParts, item: z.infer<typeof dueItem>): Promise<boolean> {
  const { pk, sk, dueAt, announcements } = item;
  const change = { set: { dueAt: clock() + waitAfter(announcements), announcements: announcements + 1 } };
  const asSeen = { expression: '#dueAt = :seenDueAt', values: { ':seenDueAt': dueAt } };
  return (await table.update({ pk, sk }, change, asSeen)) !== null;
}

function waitAfter(announcements: number): number {
  return lookAgainMs[announcements] ?? lookAgainMs.at(-1) ?? 0;
}

function idOf(kind: ListedKind, { pk }: { readonly pk: string }): string {
  return pk.slice(kind.length + 1);
}
