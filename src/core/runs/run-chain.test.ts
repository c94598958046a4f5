import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';
import { readChain, refuseLongChain, writeChain } from './run-chain.ts';

const key = Buffer.alloc(32, 1);
const first = '019a9f5c-7e80-7000-8000-000000000001';
const second = '019a9f5c-7e80-7000-8000-000000000002';

describe('a signed chain', () => {
  test('is read with its key only', () => {
    const signed = writeChain(key, [first, second]);
    expect(readChain(key, signed)).toEqual([first, second]);
    expect(readChain(Buffer.alloc(32, 2), signed)).toEqual([]);
  });

  test('fits into a header, however many runs it names', () => {
    const signed = writeChain(
      key,
      Array.from({ length: 5_000 }, () => first),
    );
    expect(signed.length).toBeLessThan(5_000);
    expect(readChain(key, signed)).toHaveLength(200);
  });
});

test('a chain that is too long is refused with its runs', () => {
  expect(refuseLongChain([first], 1)).toBeNull();
  expect(refuseLongChain([first, second], 1)).toMatchObject({
    reason: 'too-deep',
    detail:
      '2 runs led to this event, each to the next, and 1 are allowed: this may be an endless loop. Nothing was ' +
      `started. The runs: ${first}, ${second}.`,
  });
});

describe('an outbound webhook that calls the inbound webhook of the same agent', () => {
  let product: RunningProduct;
  beforeAll(async () => {
    product = await runProduct();
  });
  afterAll(() => product.stop());

  const runsOfEcho = async () =>
    (await product.engine.runs.list({ limit: 100, cursor: null, agentName: 'echo' })).items;

  test('ends after ten runs that each led to the next; the refusal is recorded with their chain', async () => {
    const inbound = await product.connect('inbound', ['echo'], { auth: { type: 'none' } });
    const outbound = await product.connect('outbound', ['echo'], { url: inbound.url });
    await fetch(inbound.url, { method: 'POST', body: 'begin' });
    const refused = await eventually('the refusal', async () => {
      const query = { connectorId: inbound.id, now: Date.now(), limit: 10, cursor: null };
      return (await product.engine.refusedRequests.list(query)).items[0];
    });
    const runs = (await runsOfEcho()).toReversed();
    expect(runs).toHaveLength(11);
    const last = await product.engine.runs.get(runs[10]?.runId ?? '');
    const ids = runs.map(({ runId }) => runId);
    expect(last).toMatchObject({ chain: ids.slice(0, 10), parentRunId: ids[9] });
    expect(refused).toMatchObject({ reason: 'too-deep', status: 422 });
    expect(refused.detail).toContain(ids.join(', '));
    const delivery = await eventually('the end of the delivery', async () => {
      const [found] = await product.engine.deliveries.ofRun(ids[10] ?? '');
      return found?.status === 'failed' && found;
    });
    expect(delivery).toMatchObject({ connectorId: outbound.id });
    expect(delivery?.attempts).toHaveLength(1);
  });

  test('a chain that a sender made up counts for nothing', async () => {
    const inbound = await product.connect('inbound', ['shout']);
    const forged = `${Buffer.alloc(160, 7).toString('base64url')}.${Buffer.alloc(16).toString('base64url')}`;
    const headers = { 'x-connic-secret': inbound.secret, 'x-connic-chain': forged };
    const answer = await fetch(inbound.url, { method: 'POST', headers, body: 'hello' });
    const {
      run_ids: [runId = ''],
    } = (await answer.json()) as { run_ids: string[] };
    expect(await product.engine.runs.get(runId)).toMatchObject({ chain: [], parentRunId: null });
  });
});
