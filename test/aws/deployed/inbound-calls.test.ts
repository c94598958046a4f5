import { expect, test } from '@jest/globals';
import { sendJson } from '../../scenarios/sender.ts';
import { useTarget } from '../../scenarios/target.ts';
import type { AwsCall } from '../aws-call.ts';
import { functions, useWatch } from './use-watch.ts';

const { operator } = useTarget();
const watch = useWatch();

/** Among so many requests, one after the other, are some that find their connector in the cache. */
const requests = 12;

/** How many calls stand one after the other: the next begins when the one before has its answer. */
function inSequence(calls: readonly AwsCall[]): number {
  let count = 0;
  let endedAt = Number.NEGATIVE_INFINITY;
  for (const call of calls) {
    if (call.startedAt >= endedAt) count++;
    endedAt = Math.max(endedAt, call.endedAt ?? call.startedAt);
  }
  return count;
}

test('an inbound webhook that is warm stores and sends, and calls nothing else', async () => {
  const inbound = await operator.createConnector({ mode: 'inbound', agents: ['echo', 'shout'] });
  const seen: AwsCall[][] = [];
  for (let count = 0; count < requests; count++) {
    const { calls } = await watch.callsDuring(functions.webhook, () => sendJson(inbound, { count }));
    seen.push(calls);
  }
  const [warm = []] = seen.sort((one, other) => one.length - other.length);
  expect(warm.map(({ name }) => name)).toEqual(['DynamoDB TransactWriteItems', 'SQS SendMessageBatch']);
  expect(inSequence(warm)).toBeLessThanOrEqual(2);
  const all = seen.flat().map(({ service }) => service);
  expect(all).not.toContain('secretsmanager');
});
