import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { takeMessages } from '../../../test/aws/queue-messages.ts';
import {
  newId,
  sampleAttempt,
  sampleConnector,
  sampleDelivery,
  sampleDispatch,
  sampleEnd,
  sampleLease,
} from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import type { Delivery } from '../../core/delivery.ts';
import type { DeliveryStore } from '../../core/ports/delivery-store.ts';

let made: TestEngine;
let deliveries: DeliveryStore;
beforeAll(async () => {
  made = await testEngine();
  deliveries = made.engine.deliveries;
});
beforeEach(async () => {
  await takeMessages(made.clients, made.resources.deliveryQueueUrl);
});

async function endedRun(): Promise<string> {
  const dispatch = sampleDispatch(made.now);
  const runId = dispatch.runs[0]?.runId ?? '';
  const lease = sampleLease(made.now);
  await made.engine.runs.dispatch({ ...dispatch, lease });
  await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
  return runId;
}

async function planned(delivery: Partial<Delivery> = {}): Promise<Delivery> {
  const runId = await endedRun();
  const sample = sampleDelivery(made.now, { runId, ...delivery });
  await deliveries.plan(runId, [sample]);
  return sample;
}

describe('a plan', () => {
  test('stores deliveries, finds them by their run, and sends a message for each', async () => {
    const runId = await endedRun();
    const samples = [1, 2, 3].map(() => sampleDelivery(made.now, { runId }));
    await deliveries.plan(runId, samples);
    const byId = (a: Delivery, b: Delivery) => (a.deliveryId < b.deliveryId ? -1 : 1);
    expect(await deliveries.ofRun(runId)).toEqual([...samples].sort(byId));
    expect(await deliveries.get(samples[0]?.deliveryId ?? '')).toEqual(samples[0]);
    const messages = await takeMessages(made.clients, made.resources.deliveryQueueUrl);
    expect(messages.sort()).toEqual(samples.map((sample) => sample.deliveryId).sort());
  });

  test('repeated changes nothing of what has happened to its deliveries', async () => {
    const delivery = await planned();
    await deliveries.claim(delivery.deliveryId, 'me', made.now, made.now + 1_000);
    await deliveries.record(delivery.deliveryId, 'me', sampleAttempt(made.now), {
      status: 'delivered',
      nextAttemptAt: null,
    });
    await deliveries.plan(delivery.runId, [delivery]);
    expect(await deliveries.get(delivery.deliveryId)).toMatchObject({
      status: 'delivered',
      attemptsInSchedule: 1,
    });
    expect(await deliveries.ofRun(delivery.runId)).toHaveLength(1);
  });
});

describe('an attempt', () => {
  test('is made by one of many', async () => {
    const { deliveryId } = await planned();
    const owners = Array.from({ length: 10 }, (_, index) => `owner-${index}`);
    const claims = await Promise.all(
      owners.map((owner) => deliveries.claim(deliveryId, owner, made.now, made.now + 1_000)),
    );
    expect(claims.filter((claim) => claim !== null)).toHaveLength(1);
  });

  test('is not made before its time, and again after the lease of one that crashed', async () => {
    const { deliveryId } = await planned({ nextAttemptAt: made.now + 500 });
    expect(await deliveries.claim(deliveryId, 'a', made.now + 499, made.now + 900)).toBeNull();
    expect(await deliveries.claim(deliveryId, 'a', made.now + 500, made.now + 900)).not.toBeNull();
    expect(await deliveries.claim(deliveryId, 'b', made.now + 899, made.now + 2_000)).toBeNull();
    expect(await deliveries.claim(deliveryId, 'b', made.now + 900, made.now + 2_000)).not.toBeNull();
    const next = { status: 'delivered', nextAttemptAt: null } as const;
    expect(await deliveries.record(deliveryId, 'a', sampleAttempt(made.now), next)).toBe('lost');
    expect(await deliveries.record(deliveryId, 'b', sampleAttempt(made.now), next)).toBe('recorded');
    expect(await deliveries.claim(deliveryId, 'c', made.now + 5_000, made.now + 6_000)).toBeNull();
  });

  test('that failed is followed by a message where the queue can wait so long', async () => {
    const { deliveryId } = await planned();
    await takeMessages(made.clients, made.resources.deliveryQueueUrl);
    await deliveries.claim(deliveryId, 'me', made.now, made.now + 1_000);
    const attempt = sampleAttempt(made.now, 'The receiver answered 503.');
    await deliveries.record(deliveryId, 'me', attempt, { status: 'pending', nextAttemptAt: made.now });
    expect(await takeMessages(made.clients, made.resources.deliveryQueueUrl)).toEqual([deliveryId]);
    expect(await deliveries.get(deliveryId)).toMatchObject({ attempts: [attempt], attemptsInSchedule: 1 });

    await deliveries.claim(deliveryId, 'me', made.now, made.now + 1_000);
    await deliveries.record(deliveryId, 'me', attempt, {
      status: 'pending',
      nextAttemptAt: made.now + 7_200_000,
    });
    expect(await takeMessages(made.clients, made.resources.deliveryQueueUrl)).toEqual([]);
  });

  test('given back counts as not made', async () => {
    const { deliveryId } = await planned();
    await deliveries.claim(deliveryId, 'me', made.now, made.now + 1_000);
    await deliveries.release(deliveryId, 'somebody else', made.now);
    expect(await deliveries.claim(deliveryId, 'you', made.now, made.now + 1_000)).toBeNull();
    await deliveries.release(deliveryId, 'me', made.now);
    expect(await deliveries.claim(deliveryId, 'you', made.now, made.now + 1_000)).toMatchObject({
      attempts: [],
    });
  });

  test('adds to the record until that is long enough', async () => {
    const { deliveryId } = await planned();
    for (let count = 1; count <= 45; count++) {
      await deliveries.claim(deliveryId, 'me', made.now, made.now + 1_000);
      const attempt = sampleAttempt(made.now + count, 'no');
      await deliveries.record(deliveryId, 'me', attempt, { status: 'pending', nextAttemptAt: made.now });
    }
    const stored = await deliveries.get(deliveryId);
    expect(stored?.attempts.map((attempt) => attempt.at - made.now)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 6),
    );
    expect(stored?.attemptsInSchedule).toBe(45);
  });
});

describe('redelivering', () => {
  test('makes an ended delivery pending at the beginning of its schedule', async () => {
    const { deliveryId } = await planned();
    expect(await deliveries.redeliver(deliveryId, made.now)).toBeNull();
    await deliveries.claim(deliveryId, 'me', made.now, made.now + 1_000);
    await deliveries.record(deliveryId, 'me', sampleAttempt(made.now, 'no'), {
      status: 'failed',
      nextAttemptAt: null,
    });
    await takeMessages(made.clients, made.resources.deliveryQueueUrl);
    expect(await deliveries.redeliver(deliveryId, made.now + 60_000)).toMatchObject({
      status: 'pending',
      attemptsInSchedule: 0,
      nextAttemptAt: made.now + 60_000,
    });
    expect(await deliveries.redeliver(newId(made.now), made.now)).toBeNull();
  });
});

describe('the list of deliveries', () => {
  test('is filtered by connector, status, run and time', async () => {
    const connector = sampleConnector(made.now, { mode: 'outbound' });
    const mine: Delivery[] = [];
    for (let index = 0; index < 6; index++) {
      mine.unshift(await planned({ connectorId: connector.id, createdAt: made.now + index * 1_000 }));
    }
    const failed = mine[2] ?? sampleDelivery(made.now);
    await deliveries.claim(failed.deliveryId, 'me', made.now, made.now + 1_000);
    await deliveries.record(failed.deliveryId, 'me', sampleAttempt(made.now, 'no'), {
      status: 'failed',
      nextAttemptAt: null,
    });

    const ids = async (query: Partial<Parameters<DeliveryStore['list']>[0]>) => {
      const first = await deliveries.list({ limit: 4, cursor: null, ...query });
      if (first.nextCursor === null) return first.items.map((item) => item.deliveryId);
      const second = await deliveries.list({ limit: 100, cursor: first.nextCursor, ...query });
      return [...first.items, ...second.items].map((item) => item.deliveryId);
    };
    const allMine = mine.map((delivery) => delivery.deliveryId);
    expect(await ids({ connectorId: connector.id })).toEqual(allMine);
    expect(await ids({ connectorId: connector.id, status: 'failed' })).toEqual([failed.deliveryId]);
    expect(await ids({ connectorId: connector.id, status: 'pending' })).toEqual(
      allMine.filter((id) => id !== failed.deliveryId),
    );
    expect(await ids({ connectorId: connector.id, from: made.now + 1_000, to: made.now + 3_000 })).toEqual(
      allMine.slice(3, 5),
    );
    expect(await ids({ runId: failed.runId })).toEqual([failed.deliveryId]);
    expect(await ids({ runId: failed.runId, status: 'pending' })).toEqual([]);
    expect((await ids({})).length).toBeGreaterThan(6);
  });

  test('of a deleted connector has no pending ones left, and those of others stay', async () => {
    const { connectors } = made.engine;
    const connector = sampleConnector(made.now, { mode: 'outbound' });
    await connectors.create(connector);
    const pending = [
      await planned({ connectorId: connector.id }),
      await planned({ connectorId: connector.id }),
    ];
    const other = await planned();
    expect(await connectors.delete(connector.id)).toBe('deleted');
    for (const { deliveryId } of pending) {
      expect(await deliveries.get(deliveryId)).toMatchObject({ status: 'cancelled', nextAttemptAt: null });
      expect(await deliveries.claim(deliveryId, 'me', made.now, made.now + 1_000)).toBeNull();
    }
    expect(await deliveries.get(other.deliveryId)).toEqual(other);
  });
});
