import * as z from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import { hasEnded, runStatuses } from '../../core/runs/run.ts';
import type { Condition } from './store/expressions.ts';
import { type ListedKind, listKeys } from './store/keys.ts';
import { allItems, type Item, type Table } from './store/table.ts';
import { tableIndexes } from './store/table-schema.ts';
import type { WorkQueue } from './work-queue.ts';

export interface ReconcileParts {
  readonly table: Table;
  readonly runQueue: WorkQueue;
  readonly deliveryQueue: WorkQueue;
  readonly planDeliveries: (runId: string) => Promise<unknown>;
  /** Frees the places of concurrency limits that an ended run still holds. */
  readonly freePlaces: (runId: string) => Promise<void>;
  readonly clock: () => number;
  readonly log: Log;
}

/** How much was put right. */
export interface Reconciled {
  /** Queued runs that nobody claimed, and running ones whose lease has run out. */
  readonly runs: number;
  /** Ended runs whose deliveries nobody planned, or whose places of concurrency limits nobody freed. */
  readonly plans: number;
  /** Due deliveries that nobody attempted; after waits longer than a message can make, that is all of them. */
  readonly deliveries: number;
}

/** What is due in one partition beyond this waits for the next look, a minute later. */
const itemsPerPartition = 500;

/** Until an item is looked at again, in ms: a queue with a backlog is not filled with copies of its messages. */
const lookAgainMs = [120_000, 480_000, 1_920_000, 7_200_000];

const dueItem = z.object({
  pk: z.string(),
  sk: z.string(),
  dueAt: z.number(),
  announcements: z.number().default(0),
});
const dueRun = dueItem.extend({ status: z.enum(runStatuses), agentName: z.string() });
const dueDelivery = dueItem.extend({ connectorId: z.string() });

/**
 * One look at everything that should have gone on by itself and did not: sends its message again, or plans it. Meant to
 * run each minute; two looks at once do no harm.
 *
 * @throws RetryableError when the table is away
 */
export async function reconcile(parts: ReconcileParts): Promise<Reconciled> {
  const found = await Promise.all([
    ...listKeys('OPEN-RUN').map((partition) => reconcileRuns(parts, partition)),
    ...listKeys('OPEN-DELIVERY').map((partition) => reconcileDeliveries(parts, partition)),
  ]);
  const sum = (of: keyof Reconciled) => found.reduce((total, counts) => total + (counts[of] ?? 0), 0);
  const reconciled = { runs: sum('runs'), plans: sum('plans'), deliveries: sum('deliveries') };
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

async function reconcileDeliveries(parts: ReconcileParts, partition: string): Promise<Partial<Reconciled>> {
  const due = (await dueItems(parts, partition)).map((item) => dueDelivery.parse(item));
  const waiting = await postponeAll(parts, due);
  await parts.deliveryQueue.send(
    waiting.map((delivery) => ({ id: idOf('DELIVERY', delivery), group: delivery.connectorId })),
  );
  return { deliveries: waiting.length };
}

/** A filter for what is to be looked at by `now`, Unix ms. */
export function dueBy(now: number): Condition {
  return { expression: '#dueAt <= :now', values: { ':now': now } };
}

async function dueItems({ table, clock }: ReconcileParts, partition: string): Promise<Item[]> {
  const due: Item[] = [];
  const query = { index: tableIndexes.byState, partition, filter: dueBy(clock()) };
  for await (const item of allItems(table, query)) if (due.push(item) === itemsPerPartition) break;
  return due;
}

/** A run that cannot be planned now is planned later, and keeps no other from being planned. */
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

/** `false` where the item has gone on meanwhile. */
async function postpone({ table, clock }: ReconcileParts, item: z.infer<typeof dueItem>): Promise<boolean> {
  const { pk, sk, dueAt, announcements } = item;
  const waitMs = lookAgainMs[announcements] ?? lookAgainMs.at(-1) ?? 0;
  const change = { set: { dueAt: clock() + waitMs, announcements: announcements + 1 } };
  const asSeen = { expression: '#dueAt = :seenDueAt', values: { ':seenDueAt': dueAt } };
  return (await table.update({ pk, sk }, change, asSeen)) !== null;
}

function idOf(kind: ListedKind, { pk }: { readonly pk: string }): string {
  return pk.slice(kind.length + 1);
}
