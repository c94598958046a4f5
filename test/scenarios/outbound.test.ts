import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { ReceivedRequest } from '../receivers/recording-receiver.ts';
import { eventually } from './eventually.ts';
import { firstRequest, makeFlow, trigger } from './flow.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

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
    const { receiver, inbound, outbound } = await makeFlow(target, {
      config: { headers: { 'x-tenant': 'acme' } },
    });
    const runId = await trigger(inbound);
    const request = await firstRequest(receiver);

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
    const { receiver, inbound, outbound } = await makeFlow(target, { agent: 'fail' });
    const elsewhere = await operator.createConnector({ mode: 'inbound', agents: ['fail'] });
    const connect = (name: string, config: Record<string, unknown>) =>
      operator.createConnector({
        mode: 'outbound',
        agents: ['fail'],
        config: { url: `${receiver.url}/${name}`, ...config },
      });
    const failures = await connect('failures', { statuses: ['failed'], from_connectors: [inbound.id] });
    const both = await connect('both', { statuses: ['completed', 'failed'] });
    await connect('elsewhere', { statuses: ['failed'], from_connectors: [elsewhere.id] });

    const runId = await trigger(inbound, { reason: 'out of stock' });
    await eventually('both requests', async () => receiver.requests.length === 2);
    const deliveries = (await operator.run(runId)).deliveries.map(({ connector_id }) => connector_id);
    expect(deliveries.sort()).toEqual([failures.id, both.id].sort());
    expect(deliveries).not.toContain(outbound.id);
    expect(receiver.requests.map(({ path }) => path).sort()).toEqual(['/hook/both', '/hook/failures']);
    const envelope = wire.runEnvelope.parse(JSON.parse(String(receiver.requests[0]?.body)));
    expect(envelope).toMatchObject({ status: 'failed', output: null });
    expect(envelope.error).toContain('out of stock');
  });
});

describe('a secret that is rotated', () => {
  test('signs beside the new one for the time of grace', async () => {
    const { inbound, outbound, receiver } = await makeFlow(target);
    const renewed = await operator.rotate(outbound.id, 3_600);
    expect(renewed).not.toBe(outbound.secret);
    await trigger(inbound);
    const request = await firstRequest(receiver);
    expect(request.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    verifyByPackage(request, outbound.secret);
    verifyByPackage(request, renewed);
    verifyByHand(request, renewed);
  });

  test('does not sign any more without grace', async () => {
    const { inbound, outbound, receiver } = await makeFlow(target);
    const renewed = await operator.rotate(outbound.id, 0);
    await trigger(inbound);
    const request = await firstRequest(receiver);
    verifyByPackage(request, renewed);
    expect(() => verifyByPackage(request, outbound.secret)).toThrow();
  });
});
