import { expect, test } from '@jest/globals';
import { sendJson } from '../../scenarios/sender.ts';
import { useTarget } from '../../scenarios/target.ts';
import type { AwsCall } from '../aws-call.ts';
import { functions, useWatch } from './use-watch.ts';

const { operator } = useTarget();
const watch = useWatch();

/** More than the platform keeps instances: each of them has seen the connector then. */
const warmUps = 24;

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
  for (let count = 0; count < warmUps; count++) await sendJson(inbound, { count });
  const { calls } = await watch.callsDuring(functions.webhook, () => sendJson(inbound, { is: 'measured' }));
  expect(calls.map(({ name }) => name)).toEqual(['DynamoDB TransactWriteItems', 'SQS SendMessageBatch']);
  expect(inSequence(calls)).toBeLessThanOrEqual(2);
});
