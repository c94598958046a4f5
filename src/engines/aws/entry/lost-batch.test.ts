import { expect, test } from '@jest/globals';
import { connectorOfInvocation } from '../ways/mapping/take-invocation.ts';
import { readLostBatch } from './keep-dead-letter.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:kafka';

test('An invocation is for the connector by whose alias the function was called', () => {
  expect(connectorOfInvocation(`${functionArn}:c-1`)).toBe('c-1');
  expect(() => connectorOfInvocation(functionArn)).toThrow(/called by no alias/);
});

test('A batch that was given up is known by its place', () => {
  const body = JSON.stringify({
    requestContext: { functionArn: `${functionArn}:c-1`, condition: 'RetryAttemptsExhausted' },
    version: '1.0',
    KafkaBatchInfo: { batchSize: 2, recordsInfo: { 'orders-0': { firstRecordOffset: '49139' } } },
  });
  const { connectorId, place } = readLostBatch(body);
  expect(connectorId).toBe('c-1');
  expect(JSON.parse(place)).toEqual({
    condition: 'RetryAttemptsExhausted',
    batchSize: 2,
    recordsInfo: { 'orders-0': { firstRecordOffset: '49139' } },
  });
});
