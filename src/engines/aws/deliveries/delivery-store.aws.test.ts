import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { takeMessages } from '../../../../test/aws/queue-messages.ts';
import {
  sampleAttempt,
  sampleConnector,
  sampleDelivery,
  sampleDispatch,
  sampleEnd,
  sampleLease,
} from '../../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../../test/aws/test-engine.ts';
import type { Delivery } from '../../../core/deliveries/delivery.ts';
import type { DeliveryStore } from '../../../core/ports/delivery-store.ts';

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

  test('that failed is followed by a message where the queue can wait so long', async () => {
    const { deliveryId } = await planned();
    await takeMessages(made.clients, made.resources.deliveryQueueUrl);
    await deliveries.claim(deliveryId, 'me', made.now, made.now + 1_000);
    const attempt = sampleAttempt(made.now, 'The receiver responded with 503.');
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
});
