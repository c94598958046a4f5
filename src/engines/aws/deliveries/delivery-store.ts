import type { Attempt, Delivery, DeliveryStatus } from '../../../core/deliveries/delivery.ts';
import { RetryableError } from '../../../core/errors.ts';
import type { AfterAttempt, DeliveryStore } from '../../../core/ports/delivery-store.ts';
import { hasEnded } from '../../../core/runs/run.ts';
import { lastSeen, type SeenRuns } from '../runs/run-records.ts';
import { closedPlace } from '../runs/stored-run.ts';
import { deliveryKey, runKey } from '../store/keys.ts';
import type { Retention } from '../store/retention.ts';
import type { Table } from '../store/table.ts';
import type { WorkQueue } from '../work-queue.ts';
import { countHeld } from './count-held.ts';
import { deliveriesOfRun, listDeliveries } from './list-deliveries.ts';
import {
  deliveryItem,
  deliveryOf,
  dueDelivery,
  hasMessage,
  placeOf,
  type StoredDelivery,
  storedDelivery,
} from './stored-delivery.ts';

export interface DeliveryRecords {
  readonly table: Table;
  readonly seen: SeenRuns;
  readonly queue: WorkQueue;
  /** Unix ms. */
  readonly clock: () => number;
  readonly retention: Retention;
}

/** More than four redeliveries make. Older attempts are dropped to keep the record small. */
const keptAttempts = 40;

/**
 * Deliveries in the table, each with a message in the queue: every method that makes a delivery due sends one. The
 * reconciler handles waits beyond the queue's 15 minutes, and lost messages.
 */
export function deliveryStore(records: DeliveryRecords): DeliveryStore {
  const { table, queue, clock } = records;
  /** Deliveries that this process has claimed and not yet recorded, so that they need no second read. */
  const held = new Map<string, StoredDelivery>();
  return {
    plan: (runId, deliveries) => planDeliveries(records, runId, deliveries),
    send: (delivery) => sendDelivery(records, delivery),
    add: (deliveries) => storeDeliveries(records, deliveries, false),
    async get(deliveryId) {
      const found = await findDelivery(table, deliveryId);
      return found === null ? null : deliveryOf(found);
    },
    list: (query) => listDeliveries(table, query),
    ofRun: (runId) => deliveriesOfRun(table, runId),
    async claim(deliveryId, owner, now, until) {
      const item = await table.update(
        deliveryKey(deliveryId),
        { set: { owner, leaseUntil: until } },
        {
          expression:
            '#status = :pending AND #nextAttemptAt <= :now AND (attribute_not_exists(#leaseUntil) OR #leaseUntil <= :now)',
          values: { ':pending': 'pending', ':now': now },
        },
      );
      if (item === null) return null;
      const stored = storedDelivery.parse(item);
      held.set(deliveryId, stored);
      return deliveryOf(stored);
    },
    async record(deliveryId, owner, attempt, next) {
      const known = held.get(deliveryId);
      held.delete(deliveryId);
      const seen = known?.owner === owner ? known : await findDelivery(table, deliveryId);
      return seen === null ? 'lost' : recordAttempt(records, seen, owner, attempt, next);
    },
    async release(deliveryId, owner, availableAt) {
      held.delete(deliveryId);
      const item = await table.update(
        deliveryKey(deliveryId),
        {
          set: { nextAttemptAt: availableAt, ...dueDelivery(availableAt, clock()) },
          remove: ['owner', 'leaseUntil'],
        },
        {
          expression: '#status = :pending AND #owner = :owner',
          values: { ':pending': 'pending', ':owner': owner },
        },
      );
      if (item !== null) await announce(records, storedDelivery.parse(item), availableAt);
    },
    hold(deliveryId, owner, reason) {
      held.delete(deliveryId);
      return holdDelivery(records, deliveryId, owner, reason);
    },
    async drop(deliveryId, reason) {
      const status: DeliveryStatus = 'cancelled';
      const item = await table.update(
        deliveryKey(deliveryId),
        {
          set: {
            status,
            reason,
            ...placeOf(deliveryId, status).set,
            expiresAt: records.retention.expiryOf(clock()),
          },
        },
        { expression: '#status = :held', values: { ':held': 'held' satisfies DeliveryStatus } },
      );
      return item === null ? null : deliveryOf(storedDelivery.parse(item));
    },
    countHeld: (connectorId) => countHeld(table, connectorId),
    async redeliver(deliveryId, now) {
      const item = await table.update(
        deliveryKey(deliveryId),
        {
          set: {
            status: 'pending',
            reason: null,
            ...placeOf(deliveryId, 'pending').set,
            attemptsInSchedule: 0,
            nextAttemptAt: now,
            ...dueDelivery(now, now),
            expiresAt: records.retention.expiryOf(now),
          },
        },
        {
          expression: 'attribute_exists(#pk) AND (#status <> :pending OR #nextAttemptAt > :now)',
          values: { ':pending': 'pending', ':now': now },
        },
      );
      if (item === null) return null;
      const delivery = storedDelivery.parse(item);
      await queue.send([{ id: deliveryId, group: delivery.connectorId }], now - clock());
      return deliveryOf(delivery);
    },
    async hurry(deliveryId, now) {
      const item = await table.update(
        deliveryKey(deliveryId),
        { set: { nextAttemptAt: now, ...dueDelivery(now, now) } },
        {
          expression: '#status = :pending AND #nextAttemptAt > :now',
          values: { ':pending': 'pending', ':now': now },
        },
      );
      if (item !== null) await announce(records, storedDelivery.parse(item), now);
      return item !== null;
    },
  };
}

/** Stores and queues each delivery once. The run is updated last, so that a crash before it leads to planning again. */
async function planDeliveries(
  records: DeliveryRecords,
  runId: string,
  deliveries: readonly Delivery[],
): Promise<void> {
  await storeDeliveries(records, deliveries, true);
  const pending = deliveries.filter(({ status }) => status === 'pending');
  await records.queue.send(
    pending.map(({ deliveryId, connectorId }) => ({ id: deliveryId, group: connectorId })),
  );
  const ofRun = deliveries.filter(({ event }) => event === undefined);
  const deliveryIds = ofRun.map(({ deliveryId }) => deliveryId);
  const run = await lastSeen(records, runId);
  const isDone = run !== null && hasEnded(run.status);
  const closed = isDone ? closedPlace(runId, run.status) : { set: {}, remove: [] };
  await records.table.update(
    runKey(runId),
    {
      ...(Object.keys(closed.set).length === 0 ? {} : { set: closed.set }),
      remove: ['planned', 'slots', ...closed.remove],
      ...(deliveryIds.length === 0 ? {} : { add: { deliveryIds: new Set(deliveryIds) } }),
    },
    { expression: 'attribute_exists(#pk)' },
  );
}

/** Stores a delivery once, with its run, and queues it. A crash in between is repaired when the run executes again. */
async function sendDelivery(records: DeliveryRecords, delivery: Delivery): Promise<Delivery> {
  const { table, queue, retention } = records;
  const { deliveryId, runId, connectorId } = delivery;
  const item = deliveryItem(delivery, retention.expiryOf(delivery.createdAt));
  const isStored = await table.put(item, { expression: 'attribute_not_exists(#pk)' });
  await table.update(
    runKey(runId),
    { add: { deliveryIds: new Set([deliveryId]) } },
    { expression: 'attribute_exists(#pk)' },
  );
  const found = isStored ? null : await findDelivery(table, deliveryId);
  if (!isStored && found === null) throw new RetryableError('The delivery was deleted as it was sent.');
  const stored = found === null ? delivery : deliveryOf(found);
  // A repeat sends another message: the first one may not have been sent.
  if (stored.status === 'pending' && stored.attempts.length === 0) {
    await queue.send([{ id: deliveryId, group: connectorId }]);
  }
  return stored;
}

/**
 * Stores each delivery once.
 * @param isQueued whether a message in the queue follows; otherwise the reconciler sends it at its next look
 */
async function storeDeliveries(
  { table, retention }: DeliveryRecords,
  deliveries: readonly Delivery[],
  isQueued: boolean,
): Promise<void> {
  const isNew = { expression: 'attribute_not_exists(#pk)' };
  const items = deliveries.map((delivery) => {
    const item = deliveryItem(delivery, retention.expiryOf(delivery.createdAt));
    return isQueued ? item : { ...item, dueAt: delivery.nextAttemptAt };
  });
  await Promise.all(items.map((item) => table.put(item, isNew)));
}

async function holdDelivery(
  { table, clock, retention }: DeliveryRecords,
  deliveryId: string,
  owner: string,
  reason: string,
): Promise<'held' | 'lost'> {
  const status: DeliveryStatus = 'held';
  const place = placeOf(deliveryId, status);
  const item = await table.update(
    deliveryKey(deliveryId),
    {
      set: {
        status,
        reason,
        ...place.set,
        nextAttemptAt: null,
        expiresAt: retention.expiryOf(clock()),
      },
      remove: ['owner', 'leaseUntil', ...place.remove],
    },
    {
      expression: '#status = :pending AND #owner = :owner',
      values: { ':pending': 'pending', ':owner': owner },
    },
  );
  return item === null ? 'lost' : 'held';
}

async function recordAttempt(
  records: DeliveryRecords,
  seen: StoredDelivery,
  owner: string,
  attempt: Attempt,
  next: AfterAttempt,
): Promise<'recorded' | 'lost'> {
  const { deliveryId } = seen;
  const { status, nextAttemptAt } = next;
  const place = placeOf(deliveryId, status);
  const item = await records.table.update(
    deliveryKey(deliveryId),
    {
      set: {
        status,
        ...place.set,
        attempts: [...seen.attempts, attempt].slice(-keptAttempts),
        attemptsInSchedule: seen.attemptsInSchedule + 1,
        nextAttemptAt,
        ...(nextAttemptAt === null ? {} : dueDelivery(nextAttemptAt, records.clock())),
        expiresAt: records.retention.expiryOf(nextAttemptAt ?? attempt.at),
      },
      remove: ['owner', 'leaseUntil', ...place.remove],
    },
    {
      expression: '#status = :pending AND #owner = :owner',
      values: { ':pending': 'pending', ':owner': owner },
    },
  );
  if (item === null) return 'lost';
  if (nextAttemptAt !== null) await announce(records, seen, nextAttemptAt);
  return 'recorded';
}

/** Sends the message for the attempt at `at` (Unix ms), if the queue can delay it that long. */
async function announce(records: DeliveryRecords, delivery: StoredDelivery, at: number): Promise<void> {
  const now = records.clock();
  if (!hasMessage(at, now)) return;
  await records.queue.send([{ id: delivery.deliveryId, group: delivery.connectorId }], at - now);
}

async function findDelivery(table: Table, deliveryId: string): Promise<StoredDelivery | null> {
  const item = await table.get(deliveryKey(deliveryId));
  return item === null ? null : storedDelivery.parse(item);
}
