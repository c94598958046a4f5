import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';
import { connectorTest, createdConnector } from '../../api/contract/connector.ts';
import { deliveryPage, type WireDelivery } from '../../api/contract/delivery.ts';

let product: RunningProduct;
let receiver: Receiver;

beforeAll(async () => {
  [product, receiver] = await Promise.all([runProduct(), startReceiver()]);
});

afterEach(() => receiver.answer(() => ({ status: 200 })));

afterAll(async () => {
  await product.stop();
  await receiver.goDown();
});

async function testOf(id: string) {
  return connectorTest.parse((await product.call('POST', `/connectors/${id}/test`)).json);
}

describe('testing the target of a connector', () => {
  test('a made-up result arrives, signed like a real one, and nothing of it is kept', async () => {
    const { id } = await product.connect('outbound', ['echo'], { url: receiver.url });
    receiver.answer(() => ({ status: 202, body: 'thank you' }));
    expect(await testOf(id)).toMatchObject({
      tested: 'delivery',
      ok: true,
      delivered: true,
      status_code: 202,
      error: null,
      response_excerpt: 'thank you',
    });
    const received = receiver.requests.at(-1);
    expect(received?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(JSON.parse(String(received?.body))).toMatchObject({
      agent_name: 'echo',
      status: 'completed',
      output: 'A test from Agent Connectors: this connector can reach you.',
    });
    expect((await product.call('GET', `/deliveries?connector=${id}`)).json).toMatchObject({ items: [] });
    expect((await product.call('GET', '/runs')).json).toMatchObject({ items: [] });
    expect((await product.call('GET', `/audit-log?subject=${id}`)).json).toMatchObject({
      items: [{ action: 'connector.tested', detail: 'Outcome: delivered.' }, { action: 'connector.created' }],
    });
  });

  test('what the target refuses is said, and the connector is not disabled for it', async () => {
    const { id } = await product.connect('outbound', ['echo'], { url: receiver.url });
    receiver.answer(() => ({ status: 410, body: 'gone' }));
    expect(await testOf(id)).toMatchObject({ delivered: false, status_code: 410, response_excerpt: 'gone' });
    expect((await product.call('GET', `/connectors/${id}`)).json).toMatchObject({
      enabled: true,
      failing_since: null,
    });
  });

  test('a target that takes the test after an outage gets what waits for it', async () => {
    const { id } = await product.connect('outbound', ['echo'], { url: receiver.url });
    receiver.answer(() => ({ status: 503 }));
    await product.call('POST', '/agents/echo/runs', { payload: 'Hello' });
    const deliveryWith = (wanted: (delivery: WireDelivery) => boolean) =>
      eventually('the delivery', async () => {
        const { json } = await product.call('GET', `/deliveries?connector=${id}`);
        return deliveryPage.parse(json).items.find(wanted) ?? false;
      });
    await deliveryWith(({ attempts }) => attempts.length === 2);
    receiver.answer(() => ({ status: 200 }));
    expect(await testOf(id)).toMatchObject({ delivered: true });
    const delivered = await deliveryWith(({ status }) => status === 'delivered');
    expect(delivered.attempts).toHaveLength(3);
  });

  test('a connection is tried with the stored secrets, which nobody sees, and nothing is sent', async () => {
    const password = 'a-password-to-look-for';
    const created = await product.call('POST', '/connectors', {
      name: 'no broker',
      type: 'kafka',
      mode: 'outbound',
      config: {
        bootstrap_servers: '127.0.0.1:1',
        topic: 'orders',
        security_protocol: 'SASL_PLAINTEXT',
        sasl_mechanism: 'PLAIN',
        username: 'agents',
        password,
      },
    });
    const { id } = createdConnector.parse(created.json);
    const answer = await product.call('POST', `/connectors/${id}/test`, { kind: 'connection' });
    expect(answer.json).toMatchObject({
      tested: 'connection',
      ok: false,
      delivered: false,
      error: 'The broker refused the connection.',
    });
    const log = await product.call('GET', `/audit-log?subject=${id}`);
    expect(log.json).toMatchObject({
      items: [{ action: 'connector.tested', detail: 'Outcome: failed.' }, { action: 'connector.created' }],
    });
    expect(answer.text + log.text).not.toContain(password);
  });

  test('a source is tested by connecting, where nothing else is asked for', async () => {
    const created = await product.call('POST', '/connectors', {
      name: 'no source',
      type: 'kafka',
      mode: 'inbound',
      config: { bootstrap_servers: '127.0.0.1:1', topic: 'orders' },
    });
    expect(await testOf(createdConnector.parse(created.json).id)).toMatchObject({
      tested: 'connection',
      ok: false,
    });
  });

  test('a connector that sends nothing has nothing to test', async () => {
    const { id } = await product.connect('inbound', ['echo']);
    expect(await product.call('POST', `/connectors/${id}/test`)).toMatchObject({
      status: 409,
      json: { code: 'not-outbound' },
    });
    expect(await product.call('POST', `/connectors/${id}/test`, { kind: 'connection' })).toMatchObject({
      status: 409,
      json: { code: 'nothing-to-test' },
    });
    expect(await product.call('POST', '/connectors/none/test')).toMatchObject({
      status: 404,
      json: { code: 'connector-not-found' },
    });
  });
});
