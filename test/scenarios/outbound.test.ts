import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { ReceivedRequest, Receiver, ReceiverAnswer } from '../receivers/recording-receiver.ts';
import { eventually } from './eventually.ts';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

/** An inbound and an outbound connector of one agent, and the receiver behind the outbound one. */
async function flow(options: { agent?: string; config?: object; answer?: ReceiverAnswer } = {}) {
  const { agent = 'shout', config = {}, answer } = options;
  const receiver = await target.startReceiver();
  if (answer !== undefined) receiver.answer(() => answer);
  const inbound = await operator.createConnector({ mode: 'inbound', agents: [agent] });
  const outbound = await operator.createConnector({
    mode: 'outbound',
    agents: [agent],
    config: { url: receiver.url, from_connectors: [inbound.id], ...config },
  });
  return { receiver, inbound, outbound };
}

async function trigger(inbound: Parameters<typeof sendJson>[0], payload: unknown = { message: 'hello' }) {
  return wire.inboundAnswer.parse((await sendJson(inbound, payload)).json).run_ids[0] ?? '';
}

function received(receiver: Receiver, count: number): Promise<readonly ReceivedRequest[]> {
  return eventually(
    `${count} requests at the receiver`,
    async () => receiver.requests.length >= count && receiver.requests,
  );
}

/** As a receiver does it who has only read the documentation. */
function verifyByHand(request: ReceivedRequest, secret: string) {
  const signed = `${request.headers['x-connic-timestamp']}.${request.body}`;
  const expected = createHmac('sha256', secret).update(signed).digest('hex');
  expect(request.headers['x-connic-signature']).toBe(expected);
}

function verifyByPackage(request: ReceivedRequest, secret: string) {
  return new Webhook(secret).verify(request.body, request.headers);
}

describe('a run that has ended', () => {
  test('is posted as an envelope that either kind of receiver verifies', async () => {
    const { receiver, inbound, outbound } = await flow({ config: { headers: { 'x-tenant': 'acme' } } });
    const runId = await trigger(inbound);
    const [request] = await received(receiver, 1);
    if (request === undefined) throw new Error('no request');

    expect(outbound.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    verifyByHand(request, outbound.secret);
    const envelope = wire.runEnvelope.parse(verifyByPackage(request, outbound.secret));
    expect(() => verifyByPackage(request, `whsec_${Buffer.alloc(32).toString('base64')}`)).toThrow();

    const delivery = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    const run = await operator.run(runId);
    expect(envelope).toMatchObject({
      run_id: runId,
      agent_name: 'shout',
      status: 'completed',
      output: 'HELLO',
    });
    expect(envelope).toMatchObject({ error: null, started_at: run.started_at, ended_at: run.ended_at });
    expect(request).toMatchObject({ method: 'POST', path: '/hook' });
    expect(request.headers).toMatchObject({
      'content-type': expect.stringContaining('application/json'),
      'x-tenant': 'acme',
      'webhook-id': delivery.delivery_id,
    });
    expect(delivery).toMatchObject({ connector_id: outbound.id, run_id: runId, next_attempt_at: null });
    expect(delivery.attempts).toMatchObject([{ status_code: 200, error: null }]);
  });

  test('goes to every outbound connector that wants it, and to no other', async () => {
    const { receiver, inbound, outbound } = await flow({ agent: 'fail' });
    const failures = await operator.createConnector({
      mode: 'outbound',
      agents: ['fail'],
      config: { url: `${receiver.url}/failures`, statuses: ['failed'], from_connectors: [inbound.id] },
    });
    const both = await operator.createConnector({
      mode: 'outbound',
      agents: ['fail'],
      config: {
        url: `${receiver.url}/both`,
        statuses: ['completed', 'failed'],
        from_connectors: [inbound.id],
      },
    });
    const elsewhere = await operator.createConnector({
      mode: 'outbound',
      agents: ['fail'],
      config: { url: `${receiver.url}/elsewhere`, statuses: ['failed'], from_connectors: [both.id].slice(1) },
    });
    await operator.change(elsewhere.id, { enabled: false });

    const runId = await trigger(inbound, { reason: 'out of stock' });
    await received(receiver, 2);
    const deliveries = (await operator.run(runId)).deliveries;
    expect(deliveries.map(({ connector_id }) => connector_id).sort()).toEqual([failures.id, both.id].sort());
    expect(receiver.requests.map(({ path }) => path).sort()).toEqual(['/hook/both', '/hook/failures']);
    const [request] = receiver.requests;
    const envelope = wire.runEnvelope.parse(JSON.parse(String(request?.body)));
    expect(envelope).toMatchObject({
      status: 'failed',
      output: null,
      error: expect.stringContaining('out of stock'),
    });
    expect(deliveries.some(({ connector_id }) => connector_id === outbound.id)).toBe(false);
  });

  test('that came from another connector is not delivered where connectors are chosen', async () => {
    const { receiver, inbound } = await flow();
    const runId = await operator.startRun('shout', { message: 'by hand' });
    await operator.ended(runId);
    await trigger(inbound);
    await received(receiver, 1);
    expect((await operator.run(runId)).deliveries).toEqual([]);
  });
});

describe('a receiver that is down', () => {
  test('gets the run when it is up again, by the next attempt, under the same webhook-id', async () => {
    const { receiver, inbound, outbound } = await flow();
    await receiver.goDown();
    const runId = await trigger(inbound);
    const pending = await operator.deliveryOf(runId, ({ attempts }) => attempts.length === 1);
    const [first] = pending.attempts;
    expect(pending.status).toBe('pending');
    expect(first).toMatchObject({ status_code: null, error: expect.stringMatching(/^[A-Z].*\.$/) });
    const waitMs = Date.parse(pending.next_attempt_at ?? '') - Date.parse(first?.at ?? '');
    expect(waitMs - (first?.duration_ms ?? 0)).toBeGreaterThanOrEqual(4_000);
    expect(waitMs - (first?.duration_ms ?? 0)).toBeLessThanOrEqual(6_001);
    expect((await operator.run(runId)).status).toBe('completed');

    await receiver.comeUp();
    const delivered = await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    expect(delivered.attempts).toHaveLength(2);
    expect(receiver.requests).toHaveLength(1);
    const [request] = receiver.requests;
    expect(request?.headers['webhook-id']).toBe(delivered.delivery_id);
    if (request !== undefined) verifyByHand(request, outbound.secret);
  });

  test('does not hold up another receiver', async () => {
    const slow = await flow({ agent: 'echo', answer: { status: 200, delayMs: 4_000 } });
    const quick = await flow({ agent: 'echo' });
    for (let count = 0; count < 20; count++) await trigger(slow.inbound, { count });
    const runId = await trigger(quick.inbound);
    await operator.deliveryOf(runId, ({ status }) => status === 'delivered');
    const { items } = wire
      .listOf(wire.delivery)
      .parse((await operator.call('GET', `/deliveries?connector=${slow.outbound.id}&status=delivered`)).json);
    expect(items.length).toBeLessThan(20);
  });
});

describe('what the receiver answers', () => {
  test.each([408, 409, 425, 429, 500, 503])('%i: tried again', async (status) => {
    const { inbound } = await flow({ answer: { status, body: 'not now' } });
    const runId = await trigger(inbound);
    const delivery = await operator.deliveryOf(runId, ({ attempts }) => attempts.length === 1);
    expect(delivery.status).toBe('pending');
    expect(delivery.attempts).toMatchObject([{ status_code: status, response_excerpt: 'not now' }]);
  });

  test.each([400, 401, 404, 422])('%i: not tried again', async (status) => {
    const { inbound } = await flow({ answer: { status } });
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
    const { inbound } = await flow({ answer: { status: 307, headers: { location: elsewhere.url } } });
    const delivery = await operator.deliveryOf(
      await trigger(inbound),
      ({ attempts }) => attempts.length === 1,
    );
    expect(delivery.status).toBe('failed');
    expect(elsewhere.requests).toEqual([]);
  });

  test('Retry-After: honoured where it asks for longer than the schedule', async () => {
    const { inbound } = await flow({ answer: { status: 503, headers: { 'retry-after': '3600' } } });
    const delivery = await operator.deliveryOf(
      await trigger(inbound),
      ({ attempts }) => attempts.length === 1,
    );
    const waitMs = Date.parse(delivery.next_attempt_at ?? '') - Date.parse(delivery.attempts[0]?.at ?? '');
    expect(waitMs).toBeGreaterThanOrEqual(3_600_000);
  });

  test('410: the connector is disabled, and its history says so', async () => {
    const { inbound, outbound, receiver } = await flow({ answer: { status: 410 } });
    await operator.deliveryOf(await trigger(inbound), ({ status }) => status === 'failed');
    const disabled = await eventually('the connector to be disabled', async () => {
      const connector = await operator.connector(outbound.id);
      return !connector.enabled && connector;
    });
    expect(disabled['disabled_reason']).toMatch(/410/);
    const entries = await operator.call('GET', '/audit-log');
    expect(entries.text).toContain('connector.disabled');

    const later = await trigger(inbound);
    await operator.ended(later);
    expect((await operator.run(later)).deliveries).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('a delivery that failed', () => {
  test('is sent again when an operator asks for it', async () => {
    const { inbound, receiver } = await flow({ answer: { status: 400 } });
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
    const { inbound, outbound, receiver } = await flow({ answer: { status: 400 } });
    const untouched = await flow({ answer: { status: 400 } });
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

describe('a secret that is rotated', () => {
  test('signs beside the new one for the time of grace', async () => {
    const { inbound, outbound, receiver } = await flow();
    const renewed = await operator.rotate(outbound.id, 3_600);
    expect(renewed).not.toBe(outbound.secret);
    await trigger(inbound);
    const [request] = await received(receiver, 1);
    if (request === undefined) throw new Error('no request');
    expect(request.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    verifyByPackage(request, outbound.secret);
    verifyByPackage(request, renewed);
    verifyByHand(request, renewed);
  });

  test('does not sign any more without grace', async () => {
    const { inbound, outbound, receiver } = await flow();
    const renewed = await operator.rotate(outbound.id, 0);
    await trigger(inbound);
    const [request] = await received(receiver, 1);
    if (request === undefined) throw new Error('no request');
    verifyByPackage(request, renewed);
    expect(() => verifyByPackage(request, outbound.secret)).toThrow();
  });
});
