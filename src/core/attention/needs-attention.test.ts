import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';
import { exampleProject } from '../../../test/start-sandbox.ts';

let product: RunningProduct;

beforeAll(async () => {
  product = await runProduct({ projectDir: exampleProject });
});

afterAll(() => product.stop());

const attention = z.object({ items: z.array(z.looseObject({ kind: z.string(), title: z.string() })) });

async function items() {
  return attention.parse((await product.call('GET', '/attention')).json).items;
}

const missingKey = {
  kind: 'model-key-missing',
  subject: 'question-answerer',
  title: 'question-answerer',
  reason: expect.stringContaining('GEMINI_API_KEY'),
  since: null,
  what_to_do: expect.stringContaining('restart'),
};

describe('what needs attention', () => {
  test('is a missing key, and nothing that works', async () => {
    await product.connect('sync', ['order-desk']);
    expect(await items()).toEqual([missingKey]);
  });

  test('is a source or a receiver that fails, since when, and a dead letter', async () => {
    const config = { bootstrap_servers: '127.0.0.1:1', topic: 'orders' };
    const source = { name: 'topic', type: 'kafka', mode: 'inbound', agents: ['order-desk'], config };
    await product.call('POST', '/connectors', source);
    const { id } = await product.connect('outbound', ['order-desk'], { url: 'http://127.0.0.1:1/' });
    await product.call('POST', '/agents/order-desk/runs', { payload: { message: 'hello' } });
    const letter = { deadLetterId: 'one', source: 'kafka', reason: 'Not text.', connectorId: null };
    await product.engine.deadLetters.put({ ...letter, at: Date.now(), runId: null, body: {} });
    await eventually('everything to fail', async () => (await items()).length === 4);
    const found = new Map((await items()).map((item) => [item.title, item]));
    const since = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(found.get('topic')).toMatchObject({ kind: 'connector-failing', since });
    expect(found.get('topic')?.['reason']).toMatch(/refused/);
    expect((await items()).find(({ title }) => title.startsWith('outbound of'))).toEqual({
      kind: 'connector-failing',
      subject: id,
      title: expect.stringContaining('order-desk'),
      reason: expect.stringMatching(/\S/),
      since,
      what_to_do:
        'Check the receiver. When it accepts a delivery again, pending ones follow. Redeliver those that have failed.',
    });
    expect(found.get('Dead letters')).toMatchObject({
      reason: '1 event failed after all retries.',
      since,
    });
    expect(found.get('question-answerer')).toEqual(missingKey);
  });
});
