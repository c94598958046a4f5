import { describe, expect, test } from '@jest/globals';
import { connectorOfInvocation, kafkaEvent } from './kafka-event.ts';
import { readLostKafkaBatch } from './lost-kafka-batch.ts';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:kafka';

describe('an event of a Kafka event source', () => {
  test('is for the connector by whose alias the function was called', () => {
    expect(connectorOfInvocation(`${functionArn}:c-1`)).toBe('c-1');
    expect(() => connectorOfInvocation(functionArn)).toThrow(/called by no alias/);
  });

  test('tells an empty value from a tombstone, and takes base64 that is not quite right', () => {
    const at = { topic: 'orders', partition: 0, offset: 1 };
    const event = {
      records: { 'orders-0': [at, { ...at, value: '' }, { ...at, key: 'abcDEFghi', value: null }] },
    };
    expect(kafkaEvent.parse(event).records['orders-0']).toEqual([
      { topic: 'orders', partition: 0, offset: '1', timestampMs: -1, key: null, value: null },
      expect.objectContaining({ key: null, value: Buffer.alloc(0) }),
      expect.objectContaining({ key: Buffer.from('abcDEFghi', 'base64'), value: null }),
    ]);
  });

  test('that was given up is known by its place', () => {
    const body = JSON.stringify({
      requestContext: { functionArn: `${functionArn}:c-1`, condition: 'RetryAttemptsExhausted' },
      version: '1.0',
      KafkaBatchInfo: { batchSize: 2, recordsInfo: { 'orders-0': { firstRecordOffset: '49139' } } },
    });
    const { connectorId, place } = readLostKafkaBatch(body);
    expect(connectorId).toBe('c-1');
    expect(JSON.parse(place)).toEqual({
      condition: 'RetryAttemptsExhausted',
      batchSize: 2,
      recordsInfo: { 'orders-0': { firstRecordOffset: '49139' } },
    });
  });
});
