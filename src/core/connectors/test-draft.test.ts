import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';

let product: RunningProduct;
let receiver: Receiver;

beforeAll(async () => {
  [product, receiver] = await Promise.all([runProduct(), startReceiver()]);
});

afterAll(async () => {
  await product.stop();
  await receiver.goDown();
});

const testOf = (type: string, mode: string, config: Record<string, unknown>) =>
  product.call('POST', `/connector-types/${type}/test`, { mode, config });

describe('testing what is no connector yet', () => {
  test('sends a made-up, signed result to the target of a webhook, and stores nothing', async () => {
    receiver.answer(() => ({ status: 202, body: 'thank you' }));
    const { status, json } = await testOf('webhook', 'outbound', { url: receiver.url });
    expect(status).toBe(200);
    expect(json).toEqual({
      tested: 'delivery',
      ok: true,
      detail: null,
      error: null,
      status_code: 202,
      response_excerpt: 'thank you',
      duration_ms: expect.any(Number),
    });
    expect(receiver.requests.at(-1)?.headers['webhook-signature']).toMatch(/^v1,/);
    for (const list of ['/connectors', '/runs', '/deliveries'])
      expect((await product.call('GET', list)).json).toMatchObject({ items: [] });
    expect((await product.call('GET', '/audit-log')).json).toMatchObject({
      items: [
        {
          action: 'connector.tested',
          subject: 'webhook outbound',
          detail: 'Tested before creation. Outcome: delivered.',
        },
      ],
    });
  });

  test('says what the target refuses', async () => {
    receiver.answer(() => ({ status: 404, body: 'nobody here' }));
    expect((await testOf('webhook', 'outbound', { url: receiver.url })).json).toMatchObject({
      ok: false,
      status_code: 404,
      error: expect.stringContaining('404'),
      response_excerpt: 'nobody here',
    });
  });

  test('only connects where that can be tried alone, and never shows a password', async () => {
    const config = {
      bootstrap_servers: '127.0.0.1:1',
      topic: 'orders',
      security_protocol: 'SASL_PLAINTEXT',
      sasl_mechanism: 'PLAIN',
      username: 'agents',
      password: 'a-password-to-look-for',
    };
    for (const mode of ['inbound', 'outbound']) {
      const { json, text } = await testOf('kafka', mode, config);
      expect(json).toMatchObject({
        tested: 'connection',
        ok: false,
        error: 'The broker refused the connection.',
        status_code: null,
      });
      expect(text).not.toContain(config.password);
    }
    expect((await product.call('GET', '/audit-log')).text).not.toContain(config.password);
    expect(product.log.join('')).not.toContain(config.password);
  });

  test('refuses what its creation would refuse, and what has nothing to test', async () => {
    expect(await testOf('webhook', 'outbound', {})).toMatchObject({
      status: 400,
      json: { problems: [{ field: 'config.url' }] },
    });
    expect(await testOf('pigeon', 'outbound', {})).toMatchObject({
      status: 400,
      json: { code: 'invalid-request' },
    });
    expect(await testOf('webhook', 'inbound', {})).toMatchObject({
      status: 409,
      json: {
        code: 'nothing-to-test',
        detail: 'A connector of type "webhook" and mode inbound cannot be tested before it is created.',
      },
    });
  });

  test('is said of each mode of each type, how it is possible', async () => {
    const { json } = await product.call('GET', '/connector-types');
    expect(json).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          name: 'kafka',
          modes: [
            expect.objectContaining({ mode: 'inbound', draft_test: 'connection' }),
            expect.objectContaining({ mode: 'outbound', draft_test: 'connection' }),
          ],
        }),
        expect.objectContaining({
          name: 'cron',
          modes: [expect.objectContaining({ mode: 'inbound', draft_test: null })],
        }),
      ]),
    });
  });
});
