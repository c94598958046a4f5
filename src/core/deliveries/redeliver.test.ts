import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { type Connector, type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';
import { changeConnector } from '../connectors/change-connector.ts';
import { deleteConnector } from '../connectors/delete-connector.ts';
import { Payload } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import { startRun } from '../runs/start-run.ts';
import type { Delivery, DeliveryStatus } from './delivery.ts';
import { dropDelivery, dropMany } from './drop-deliveries.ts';
import { redeliver, redeliverMany } from './redeliver.ts';

let product: RunningProduct;
let engine: Engine;
let receiver: Receiver;

beforeAll(async () => {
  product = await runProduct();
  engine = product.engine;
  receiver = await startReceiver();
});

afterAll(async () => {
  await receiver.goDown();
  await product.stop();
});

function deliveriesIn(
  status: DeliveryStatus,
  connector: Connector,
  count: number,
): Promise<readonly Delivery[]> {
  return eventually(`${count} deliveries to be ${status}`, async () => {
    const query = { limit: 100, cursor: null, status, connectorId: connector.id };
    const { items } = await engine.deliveries.list(query);
    return items.length === count && items;
  });
}

/** An outbound connector with failed deliveries: its receiver answered 404. */
async function withFailed(
  agent: string,
  count: number,
): Promise<{ connector: Connector; failed: readonly Delivery[] }> {
  receiver.answer(() => ({ status: 404 }));
  const connector = await product.connect('outbound', [agent], { url: receiver.url });
  for (let run = 0; run < count; run++)
    await startRun(engine, 'tester', agent, Payload.of({ message: `run ${run}`, ms: 1 }));
  return { connector, failed: await deliveriesIn('failed', connector, count) };
}

function idOf([delivery]: readonly Delivery[]): string {
  return delivery?.deliveryId ?? '';
}

describe('redelivering', () => {
  test('one sends it again, with the same id, and is written into the audit log', async () => {
    const { connector, failed } = await withFailed('echo', 1);
    receiver.answer(() => ({ status: 200 }));
    const again = await redeliver(engine, 'tester', idOf(failed));
    expect(again).toMatchObject({
      outcome: 'pending',
      delivery: { deliveryId: idOf(failed), status: 'pending' },
    });
    const [delivered] = await deliveriesIn('delivered', connector, 1);
    expect(delivered?.attempts).toHaveLength(2);
    const { items } = await engine.audit.list({ limit: 1, cursor: null, subject: idOf(failed) });
    expect(items).toMatchObject([{ actor: 'tester', action: 'delivery.redelivered' }]);
  });

  test('many takes all that match, and only those', async () => {
    const first = await withFailed('shout', 3);
    const second = await withFailed('count', 1);
    receiver.answer(() => ({ status: 200 }));
    const filter = { status: 'failed', connectorId: first.connector.id } as const;
    expect(await redeliverMany(engine, 'tester', filter)).toEqual({
      redelivered: 3,
      skipped: 0,
      more: false,
    });
    await deliveriesIn('delivered', first.connector, 3);
    await deliveriesIn('failed', second.connector, 1);
  });

  test('is refused, or skipped, where the connector is disabled', async () => {
    const { connector, failed } = await withFailed('wait', 1);
    await changeConnector(engine, 'tester', connector.id, { enabled: false });
    expect(await redeliver(engine, 'tester', idOf(failed))).toMatchObject({
      reason: 'connector-disabled',
      detail: 'The connector of this delivery is disabled. Enable it first.',
    });
    const filter = { status: 'failed', connectorId: connector.id } as const;
    expect(await redeliverMany(engine, 'tester', filter)).toEqual({
      redelivered: 0,
      skipped: 1,
      more: false,
    });
  });

  test('is refused where the connector is gone', async () => {
    const { connector, failed } = await withFailed('queue-per-order', 1);
    await deleteConnector(engine, 'tester', connector.id);
    expect(await redeliver(engine, 'tester', idOf(failed))).toMatchObject({
      reason: 'connector-deleted',
      detail: 'The connector of this delivery was deleted.',
    });
  });

  test('makes what waits for its next attempt now, from the beginning of its schedule', async () => {
    receiver.answer(() => ({ status: 503, headers: { 'retry-after': '3600' } }));
    const connector = await product.connect('outbound', ['annotate'], { url: receiver.url });
    await startRun(engine, 'tester', 'annotate', Payload.of({ message: 'a run', ms: 1 }));
    await eventually('an attempt', async () => (await deliveriesIn('pending', connector, 1))[0]?.attempts[0]);
    receiver.answer(() => ({ status: 200 }));
    const filter = { status: 'pending', connectorId: connector.id } as const;
    expect(await redeliverMany(engine, 'tester', filter)).toMatchObject({ redelivered: 1, skipped: 0 });
    const [delivered] = await deliveriesIn('delivered', connector, 1);
    expect(delivered?.attempts.map(({ statusCode }) => statusCode)).toEqual([503, 200]);
  });

  test('sends what was held while the connector was disabled', async () => {
    receiver.answer(() => ({ status: 200 }));
    const connector = await product.connect('outbound', ['chatty'], { url: receiver.url });
    await changeConnector(engine, 'tester', connector.id, { enabled: false });
    await startRun(engine, 'tester', 'chatty', Payload.of({ message: 'a run', ms: 1 }));
    const [held] = await deliveriesIn('held', connector, 1);
    expect(await redeliver(engine, 'tester', idOf(held ? [held] : []))).toMatchObject({
      reason: 'connector-disabled',
    });
    const enabled = await changeConnector(engine, 'tester', connector.id, { enabled: true });
    expect(enabled).toMatchObject({ held: { count: 1, more: false } });
    const filter = { status: 'held', connectorId: connector.id } as const;
    expect(await redeliverMany(engine, 'tester', filter)).toMatchObject({ redelivered: 1 });
    expect(await deliveriesIn('delivered', connector, 1)).toMatchObject([{ reason: null }]);
  });

  test('is not needed for what somebody drops: it is cancelled, and can still be sent', async () => {
    receiver.answer(() => ({ status: 200 }));
    const connector = await product.connect('outbound', ['drop-per-order'], { url: receiver.url });
    await changeConnector(engine, 'tester', connector.id, { enabled: false });
    for (const message of ['a', 'b', 'c'])
      await startRun(engine, 'tester', 'drop-per-order', Payload.of({ message, ms: 1 }));
    const held = await deliveriesIn('held', connector, 3);
    expect(await dropDelivery(engine, 'tester', idOf(held))).toMatchObject({
      delivery: { status: 'cancelled', reason: 'An operator dropped the delivery.' },
    });
    expect(await dropDelivery(engine, 'tester', idOf(held))).toMatchObject({ reason: 'delivery-not-held' });
    expect(await dropDelivery(engine, 'tester', 'gone')).toMatchObject({ reason: 'delivery-not-found' });
    const rest = { connectorId: connector.id };
    expect(await dropMany(engine, 'tester', rest)).toEqual({ dropped: 2, more: false });
    expect(await engine.deliveries.countHeld(connector.id)).toMatchObject({ count: 0, oldestAt: null });
    await changeConnector(engine, 'tester', connector.id, { enabled: true });
    expect(await redeliver(engine, 'tester', idOf(held))).toMatchObject({ outcome: 'pending' });
    expect(receiver.requests.some(({ headers }) => headers['webhook-id'] === idOf(held.slice(1)))).toBe(
      false,
    );
  });

  test('is refused for a delivery that is being made, or that is not there', async () => {
    const { connector, failed } = await withFailed('single-file', 1);
    receiver.answer(() => ({ status: 200, delayMs: 3_000 }));
    await redeliver(engine, 'tester', idOf(failed));
    await deliveriesIn('pending', connector, 1);
    expect(await redeliver(engine, 'tester', idOf(failed))).toMatchObject({
      reason: 'delivery-pending',
      detail: 'The delivery is already in progress.',
    });
    expect(await redeliver(engine, 'tester', 'gone')).toMatchObject({ reason: 'delivery-not-found' });
  });
});
