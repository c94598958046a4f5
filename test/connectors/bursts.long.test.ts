import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectorTypes } from '../../src/connectors/index.ts';
import type { SampledRequest } from '../../src/core/connectors/connector-type.ts';
import { adminToken } from '../running-product.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { type ChatProduct, startChatProduct } from './chat-product.ts';
import { startTelegramServer, type TelegramServer } from './telegram-server.ts';

/* Types whose senders call the connector's URL. */

const count = 10_000;
const atATime = 50;
const botToken = '123456:telegram-bot-token-of-a-test';

let product: ChatProduct;
let operator: Operator;
let telegram: TelegramServer;
beforeAll(async () => {
  telegram = await startTelegramServer(botToken);
  product = await startChatProduct();
  operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
});
afterAll(async () => {
  await product?.stop();
  await telegram?.stop();
});

const types: readonly (readonly [string, () => Readonly<Record<string, string>>])[] = [
  [
    'slack',
    () => ({ signing_secret: '8f742231b10e8888abcd99yyyzzz85a5', bot_token: 'xoxb-111-222-secretpart' }),
  ],
  ['telegram', () => ({ bot_token: botToken, api_url: telegram.url })],
  ['stripe', () => ({ signing_secret: 'whsec_of_a_burst_of_events' })],
  [
    'twilio_messaging',
    () => ({ account_sid: `AC${'0123456789abcdef'.repeat(2)}`, auth_token: 'f'.repeat(32) }),
  ],
  ['eventbridge', () => ({})],
  ['s3', () => ({ bucket: 'uploads' })],
];

describe('10,000 events', () => {
  test.each(types)(
    'of %s are acknowledged in time, and each starts one run, however often it comes',
    async (type, configOf) => {
      const config = configOf();
      const connector = await product.create({ type, mode: 'inbound', agents: ['keep'], config });
      const startedAt = Date.now();
      const tell = async (number: number) => {
        const sampled = connectorTypes.get(type)?.modes.inbound?.sampleRequest?.({
          connector: { name: type, mode: 'inbound', config, secretFields: [], agents: ['keep'] },
          url: connector.url ?? '',
          secrets: { current: connector.secret, config },
          content: { kind: 'payload', json: '"Hello"' },
          id: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
          now: startedAt - number,
        });
        return send(sampled);
      };
      for (let from = 0; from < count; from += atATime) {
        const numbers = Array.from({ length: atATime }, (_, index) => from + index);
        const again = numbers.slice(0, 5);
        const statuses = await Promise.all([...numbers, ...again].map(tell));
        expect(statuses.filter((status) => status >= 300)).toEqual([]);
      }
      expect(await operator.all(wire.runSummary, `/runs?connector=${connector.id}`)).toHaveLength(count);
    },
  );
});

async function send(sampled: SampledRequest | undefined): Promise<number> {
  if (sampled?.outcome !== 'made') throw new Error(`No request: ${JSON.stringify(sampled)}`);
  const { url, method, headers, body } = sampled.request;
  // Slack waits for 3 s, the shortest of all.
  const signal = AbortSignal.timeout(3_000);
  return (await fetch(url, { method, headers, body: body === null ? null : String(body), signal })).status;
}
