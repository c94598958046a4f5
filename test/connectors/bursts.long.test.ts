import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminToken } from '../running-product.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';
import { callConnector, calledTypes, telegramToken } from './call-connector.ts';
import { type ChatProduct, startChatProduct } from './chat-product.ts';
import { startTelegramServer, type TelegramServer } from './telegram-server.ts';

const count = 10_000;
const atATime = 50;

let product: ChatProduct;
let operator: Operator;
let telegram: TelegramServer;
beforeAll(async () => {
  telegram = await startTelegramServer(telegramToken);
  product = await startChatProduct();
  operator = operatorOf({ baseUrl: product.baseUrl, token: adminToken });
});
afterAll(async () => {
  await product?.stop();
  await telegram?.stop();
});

describe('10,000 events', () => {
  test.each(calledTypes(() => telegram.url))(
    'of $type are acknowledged in time, and each starts one run, however often it comes',
    async ({ type, config: configOf }) => {
      const config = configOf();
      const connector = await product.create({ type, mode: 'inbound', agents: ['keep'], config });
      const startedAt = Date.now();
      const content = { kind: 'payload', json: '"Hello"' } as const;
      const tell = (number: number) =>
        callConnector({ type, config }, connector, { number, now: startedAt - number, content });
      for (let from = 0; from < count; from += atATime) {
        const numbers = Array.from({ length: atATime }, (_, index) => from + index);
        const again = numbers.slice(0, 5);
        const answers = await Promise.all([...numbers, ...again].map(tell));
        expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
      }
      expect(await operator.all(wire.runSummary, `/runs?connector=${connector.id}`)).toHaveLength(count);
    },
  );
});
