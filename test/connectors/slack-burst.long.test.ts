import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mention } from '../../src/connectors/slack/sample-request.ts';
import { presets } from '../../src/signatures/presets.ts';
import { signatureHeaders } from '../../src/signatures/request-signature.ts';
import { adminToken } from '../running-product.ts';
import { operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { type ChatProduct, startChatProduct } from './chat-product.ts';

const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
const events = 10_000;
const atATime = 50;

let product: ChatProduct;
beforeAll(async () => {
  product = await startChatProduct();
});
afterAll(() => product.stop());

test('10,000 events of Slack are acknowledged in time, and each starts one run, however often it comes', async () => {
  const operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
  const config = { signing_secret: signingSecret, bot_token: 'xoxb-111-222-secretpart' };
  const draft = { type: 'slack', mode: 'inbound', agents: ['keep'], config } as const;
  const { id, url } = await product.create(draft);
  const startedAt = Date.now();
  const tell = async (number: number) => {
    const now = Date.now();
    const body = JSON.stringify(mention('Hello', `burst-${number}`, startedAt));
    const signature = signatureHeaders(presets.slack.scheme, [signingSecret], { body, now });
    const headers = { 'content-type': 'application/json', ...signature };
    // Slack waits for 3 s.
    const signal = AbortSignal.timeout(3_000);
    return (await fetch(url ?? '', { method: 'POST', headers, body, signal })).status;
  };
  for (let from = 0; from < events; from += atATime) {
    const numbers = Array.from({ length: atATime }, (_, index) => from + index);
    const again = numbers.slice(0, 5);
    const statuses = await Promise.all([...numbers, ...again].map(tell));
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  }
  expect(await operator.all(wire.runSummary, `/runs?connector=${id}`)).toHaveLength(events);
});
