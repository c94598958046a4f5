import { describe, expect, test } from '@jest/globals';
import * as wire from '../scenarios/wire.ts';
import { callConnector, calledTypes, useCalledTypes } from './call-connector.ts';

const count = 10_000;
const atATime = 50;

const running = useCalledTypes();

describe('10,000 events', () => {
  test.each(calledTypes(() => running.telegram.url))(
    'of $type are acknowledged in time, and each starts one run, however often it comes',
    async ({ type, config: configOf }) => {
      const config = configOf();
      const connector = await running.product.create({
        type,
        mode: 'inbound',
        agents: ['keep'],
        config,
      });
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
      expect(await running.operator.all(wire.runSummary, `/runs?connector=${connector.id}`)).toHaveLength(
        count,
      );
    },
  );
});
