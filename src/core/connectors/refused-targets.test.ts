import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { changeConnector } from './change-connector.ts';
import { checkDraft } from './check-draft.ts';
import { createConnector } from './create-connector.ts';
import { testDraft } from './test-draft.ts';

let product: RunningProduct;

beforeAll(async () => {
  product = await runProduct({ settings: { allowPrivateTargets: false } });
});

afterAll(() => product.stop());

const draft = { type: 'webhook', mode: 'outbound', agents: ['echo'] } as const;
const named = () => ({ ...draft, name: crypto.randomUUID() });

describe.each([
  ['plain http', 'http://example.com/hooks', 'plain http'],
  ['this machine', 'https://localhost:4000/', 'loopback or private'],
  ['a private address', 'https://0x0a000001/', 'loopback or private'],
  ['cloud metadata', 'https://[::ffff:a9fe:a9fe]/latest', 'special-purpose'],
])('an outbound connector to %s', (_what, url, reason) => {
  const refused = {
    outcome: 'refused',
    problems: [{ field: 'config.url', message: expect.stringContaining(reason) }],
  };
  const config = { url };

  test('is not made', async () => {
    expect(await createConnector(product.engine, 'tester', { ...named(), config })).toMatchObject(refused);
  });

  test('is not made of another one by a change', async () => {
    const valid = { url: 'https://example.com/hooks' };
    const created = await createConnector(product.engine, 'tester', { ...named(), config: valid });
    if (created.outcome !== 'created') throw new Error(created.detail);
    const { id } = created.connector;
    expect(await changeConnector(product.engine, 'tester', id, { config })).toMatchObject(refused);
    expect((await product.engine.connectors.get(id))?.config).toMatchObject(valid);
  });

  test('is known to be impossible before it is made', async () => {
    expect(await checkDraft(product.engine, draft.type, draft.mode, config)).toMatchObject(refused);
    const { signal } = new AbortController();
    const tested = await testDraft(product.engine, 'tester', { ...draft, config }, signal);
    expect(tested).toMatchObject(refused);
  });
});
