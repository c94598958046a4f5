import { describe, expect, test } from '@jest/globals';
import { eventually } from './eventually.ts';
import { makeFlow, trigger } from './flow.ts';
import { useTarget } from './target.ts';

const target = useTarget();
const { operator } = target;

describe('a receiver that is away', () => {
  test('gets the run when it is back, by the next attempt, under the same webhook-id', async () => {
    const { receiver, inbound } = await makeFlow(target);
    receiver.answer((_request, count) => (count === 1 ? 'hang-up' : { status: 200 }));
    const runId = await trigger(inbound);
    const delivered = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    const [first, second, ...more] = delivered.attempts;
    expect(first).toMatchObject({ status_code: null, error: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(second).toMatchObject({ status_code: 200, error: null });
    expect(more).toEqual([]);
    const waitedMs = Date.parse(second?.at ?? '') - Date.parse(first?.at ?? '') - (first?.duration_ms ?? 0);
    expect(waitedMs).toBeGreaterThanOrEqual(4_000);
    expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual([
      delivered.delivery_id,
      delivered.delivery_id,
    ]);
  });

  test('is tried again as the schedule says, a fifth sooner or later; the run is completed', async () => {
    const { receiver, inbound } = await makeFlow(target);
    await receiver.goDown();
    const runId = await trigger(inbound);
    const pending = await operator.deliveryOf(runId, ({ attempts }) => attempts.length > 0);
    const last = pending.attempts.at(-1);
    expect(last).toMatchObject({ status_code: null, error: expect.stringMatching(/^[A-Z].*\.$/) });
    expect(pending.status).toBe('pending');
    expect((await operator.run(runId)).status).toBe('completed');
    // Whoever looks late finds two attempts made.
    const scheduledMs = [5_000, 300_000][pending.attempts.length - 1] ?? 0;
    const endedAt = Date.parse(last?.at ?? '') + (last?.duration_ms ?? 0);
    const waitMs = Date.parse(pending.next_attempt_at ?? '') - endedAt;
    expect(waitMs).toBeGreaterThanOrEqual(scheduledMs * 0.8 - 1);
    expect(waitMs).toBeLessThanOrEqual(scheduledMs * 1.2 + 1);
  });

  test('gets what waits as soon as it takes another delivery', async () => {
    const { receiver, inbound } = await makeFlow(target);
    receiver.answer(() => 'hang-up');
    const first = await trigger(inbound);
    await operator.deliveryOf(first, ({ attempts }) => attempts.length === 2);
    receiver.answer(() => ({ status: 200 }));
    const second = await trigger(inbound);
    await operator.deliveryOf(second, ({ status }) => status === 'delivered');
    const delivered = await operator.deliveryOf(first, ({ status }) => status === 'delivered');
    expect(delivered.attempts).toHaveLength(3);
  });

  test('does not hold up another receiver', async () => {
    const slow = await makeFlow(target, { agent: 'echo' });
    slow.receiver.answer(() => 'no-answer');
    const quick = await makeFlow(target, { agent: 'echo' });
    for (let count = 0; count < 20; count++) await trigger(slow.inbound, { count });
    const runId = await trigger(quick.inbound);
    await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    expect(quick.receiver.requests).toHaveLength(1);
    slow.receiver.answer(() => ({ status: 200 }));
    await slow.receiver.goDown();
    await slow.receiver.comeUp();
  });
});

describe('what the receiver answers', () => {
  test.each([408, 409, 425, 429, 500, 503])('%i: tried again', async (status) => {
    const { inbound } = await makeFlow(target, { answer: { status, body: 'not now' } });
    const runId = await trigger(inbound);
    const delivery = await operator.deliveryOf(runId, ({ attempts }) => attempts.length > 0);
    expect(delivery.status).toBe('pending');
    expect(delivery.attempts[0]).toMatchObject({ status_code: status, response_excerpt: 'not now' });
  });

  test.each([400, 401, 404, 422])('%i: not tried again', async (status) => {
    const { inbound } = await makeFlow(target, { answer: { status } });
    const delivery = await operator.deliveryOf(
      await trigger(inbound),
      ({ attempts }) => attempts.length === 1,
    );
    expect(delivery).toMatchObject({ status: 'failed', next_attempt_at: null });
    expect(delivery.attempts).toMatchObject([
      { status_code: status, error: expect.stringContaining(`${status}`) },
    ]);
  });

  test('a redirect: not followed, not tried again', async () => {
    const elsewhere = await target.startReceiver();
    const { inbound } = await makeFlow(target, {
      answer: { status: 307, headers: { location: elsewhere.url } },
    });
    const delivery = await operator.deliveryOf(
      await trigger(inbound),
      ({ attempts }) => attempts.length === 1,
    );
    expect(delivery.status).toBe('failed');
    expect(elsewhere.requests).toEqual([]);
  });

  test('Retry-After: honoured where it asks for longer than the schedule', async () => {
    const { inbound } = await makeFlow(target, {
      answer: { status: 503, headers: { 'retry-after': '3600' } },
    });
    const delivery = await operator.deliveryOf(
      await trigger(inbound),
      ({ attempts }) => attempts.length === 1,
    );
    const waitMs = Date.parse(delivery.next_attempt_at ?? '') - Date.parse(delivery.attempts[0]?.at ?? '');
    expect(waitMs).toBeGreaterThanOrEqual(3_600_000);
  });

  test('410: the connector is disabled, and its history says so', async () => {
    const { inbound, outbound, receiver } = await makeFlow(target, { answer: { status: 410 } });
    await operator.deliveryOf(await trigger(inbound), ({ status }) => status === 'failed');
    const disabled = await eventually('the connector to be disabled', async () => {
      const connector = await operator.connector(outbound.id);
      return !connector.enabled && connector;
    });
    expect(disabled['disabled_reason']).toMatch(/410/);
    await eventually('the audit log to say so', async () =>
      (await operator.call('GET', '/audit-log')).text.includes('connector.disabled'),
    );
    const history = await eventually('the history to say so', async () => {
      const { text, json } = await operator.call('GET', `/connectors/${outbound.id}/history`);
      return text.includes('connector.disabled') && json;
    });
    expect(history).toMatchObject({
      items: [{ event: 'connector.disabled', detail: expect.stringMatching(/410/) }],
    });

    const held = await operator.deliveryOf(await trigger(inbound), ({ status }) => status === 'held');
    expect(held).toMatchObject({ reason: expect.stringMatching(/410/), attempts: [], next_attempt_at: null });
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('results that end while their connector is disabled', () => {
  const heldOf = async (connectorId: string) =>
    (await operator.call('GET', `/deliveries/held?connector=${connectorId}`)).json;
  /** The ids of the held deliveries of `count` runs. */
  const withHeld = async (count: number) => {
    const flow = await makeFlow(target);
    await operator.change(flow.outbound.id, { enabled: false });
    const ids: string[] = [];
    for (let run = 0; run < count; run++) {
      const runId = await trigger(flow.inbound, { message: `${run}` });
      ids.push((await operator.deliveryOf(runId, ({ status }) => status === 'held')).delivery_id);
    }
    expect(await heldOf(flow.outbound.id)).toMatchObject({ count, more: false });
    return { ...flow, ids };
  };

  test('are held and counted, stay so when it is enabled, and are sent when somebody asks', async () => {
    const { outbound, receiver, ids } = await withHeld(3);
    const enabled = await operator.change(outbound.id, { enabled: true });
    expect(enabled).toMatchObject({ enabled: true, held_deliveries: { count: 3 } });
    expect(receiver.requests).toEqual([]);
    const body = { status: 'held', connector: outbound.id };
    expect((await operator.call('POST', '/deliveries/redeliver', body)).json).toMatchObject({
      redelivered: 3,
    });
    await eventually('all of them', async () => receiver.requests.length === 3);
    expect(receiver.requests.map(({ headers }) => headers['webhook-id']).sort()).toEqual(ids.sort());
  });

  test('are sent, or dropped, with the enabling itself', async () => {
    const sent = await withHeld(2);
    const dropped = await withHeld(2);
    expect(await operator.change(sent.outbound.id, { enabled: true, held_deliveries: 'send' })).toMatchObject(
      {
        held_deliveries: { count: 0 },
      },
    );
    expect(
      await operator.change(dropped.outbound.id, { enabled: true, held_deliveries: 'drop' }),
    ).toMatchObject({ held_deliveries: { count: 0 } });
    await eventually('what is sent', async () => sent.receiver.requests.length === 2);
    for (const id of dropped.ids) {
      expect(await operator.delivery(id)).toMatchObject({ status: 'cancelled', attempts: [] });
    }
    expect(dropped.receiver.requests).toEqual([]);
  });
});

describe('a delivery that failed', () => {
  test('is sent again when an operator asks for it', async () => {
    const { inbound, receiver } = await makeFlow(target, { answer: { status: 400 } });
    const failed = await operator.deliveryOf(await trigger(inbound), ({ status }) => status === 'failed');
    receiver.answer(() => ({ status: 204 }));
    expect((await operator.redeliver(failed.delivery_id)).status).toBeLessThan(300);
    const delivered = await operator.deliveryOf(failed.run_id, ({ status }) => status === 'delivered');
    expect(delivered.delivery_id).toBe(failed.delivery_id);
    expect(delivered.attempts.map(({ status_code }) => status_code)).toEqual([400, 204]);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([failed.delivery_id]),
    );
  });

  test('is sent again with all others of its connector', async () => {
    const { inbound, outbound, receiver } = await makeFlow(target, { answer: { status: 400 } });
    const untouched = await makeFlow(target, { answer: { status: 400 } });
    const other = await operator.deliveryOf(
      await trigger(untouched.inbound),
      ({ status }) => status === 'failed',
    );
    const runIds = [];
    for (let count = 0; count < 5; count++) runIds.push(await trigger(inbound, { message: `${count}` }));
    for (const runId of runIds) await operator.deliveryOf(runId, ({ status }) => status === 'failed');

    receiver.answer(() => ({ status: 200 }));
    const answer = await operator.call('POST', '/deliveries/redeliver', {
      connector: outbound.id,
      status: 'failed',
    });
    expect(answer.status).toBeLessThan(300);
    for (const runId of runIds) await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    expect(receiver.requests).toHaveLength(10);
    expect(await operator.delivery(other.delivery_id)).toMatchObject({ status: 'failed' });
  });
});
