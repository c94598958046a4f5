import { expect, test } from '@jest/globals';
import type { SendContext, Sent } from '../core/connectors/connector-type.ts';
import { PartSender } from './send-in-parts.ts';

const delivered: Sent = { outcome: 'delivered', statusCode: 200, responseExcerpt: null };
const parts = ['a', 'b', 'c', 'd', 'e'];
const context = (more: Partial<SendContext> = {}): SendContext => ({
  signal: new AbortController().signal,
  allowPrivateTargets: false,
  secrets: [],
  ...more,
});

test('a process continues a message that another one began', async () => {
  const taken: string[] = [];
  const sender = new PartSender<{ account: string; parts: string[] }>(async (message, index) => {
    taken.push(message.parts[index] ?? '');
    return delivered;
  });
  expect(await sender.send({ account: 'x', parts }, context({ partsSent: 3 }))).toEqual(delivered);
  expect(taken).toEqual(['d', 'e']);
});

test('an attempt ends before its lease does, and says how many parts have arrived', async () => {
  let now = 0;
  const sender = new PartSender<{ account: string; parts: string[] }>(
    async () => {
      now += 20_000;
      return delivered;
    },
    () => now,
  );
  expect(await sender.send({ account: 'x', parts }, context())).toMatchObject({
    outcome: 'failed',
    partsSent: 3,
    error:
      'The provider did not take all parts of the message within 45 seconds. The next attempt continues.',
  });
});

test('an attempt that is interrupted by a stop of the system says how many parts have arrived', async () => {
  const stopping = new AbortController();
  const sender = new PartSender<{ account: string; parts: string[] }>(async (_message, index) => {
    if (index === 1) stopping.abort();
    return delivered;
  });
  expect(await sender.send({ account: 'x', parts }, context({ signal: stopping.signal }))).toMatchObject({
    outcome: 'failed',
    partsSent: 2,
    error: 'The system stopped before it had sent all parts of the message. The next attempt continues.',
  });
});
