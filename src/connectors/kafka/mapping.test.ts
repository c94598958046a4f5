import { describe, expect, test } from '@jest/globals';
import { sampleConnector } from '../../../test/connectors/sample-records.ts';
import { mapping } from './mapping.ts';

describe('an invocation by an event source for Kafka', () => {
  test('tells an empty value from a tombstone, and takes base64 that is not quite right', () => {
    const at = { topic: 'orders', partition: 0, offset: 1 };
    const event = {
      records: { 'orders-0': [at, { ...at, value: '' }, { ...at, key: 'abcDEFghi', value: null }] },
    };
    expect(mapping.events(event)).toMatchObject([
      {
        events: [
          { topic: 'orders', partition: 0, offset: '1', timestampMs: -1, key: null, value: null },
          { key: null, value: Buffer.alloc(0) },
          { key: Buffer.from('abcDEFghi', 'base64'), value: null },
        ],
        itemIdentifiers: [{ partition: 'orders-0', offset: 1 }],
      },
    ]);
  });

  test('is a group of events a partition; one without messages is none', () => {
    const at = (partition: number, offset: number) => ({ topic: 'orders', partition, offset });
    const records = { 'orders-0': [at(0, 4), at(0, 5)], 'orders-1': [at(1, 9)], 'orders-2': [] };
    expect(mapping.events({ records }).map(({ itemIdentifiers }) => itemIdentifiers)).toEqual([
      [{ partition: 'orders-0', offset: 4 }],
      [{ partition: 'orders-1', offset: 9 }],
    ]);
  });
});

describe('the event source of a connector', () => {
  const servers = { bootstrap_servers: 'b-1:9096, b-2:9096', topic: 'orders' };
  const source = (config: Record<string, string>, secrets = {}) =>
    mapping.source(sampleConnector('kafka', 'inbound', config), secrets);

  test('keeps what proves who reads apart from its parameters', () => {
    const scram = { security_protocol: 'SASL_SSL', sasl_mechanism: 'SCRAM-SHA-512', username: 'agents' };
    const { parameters, access, inNetwork } = source({ ...servers, ...scram }, { password: 'a secret' });
    expect(JSON.stringify(parameters)).not.toContain('a secret');
    expect(access).toEqual([
      {
        name: 'credentials',
        type: 'SASL_SCRAM_512_AUTH',
        content: { username: 'agents', password: 'a secret' },
      },
    ]);
    expect(inNetwork).toBe(true);
  });

  test('is another one where topic, servers or group are others, and the same where only the start is', () => {
    const identity = (config: Record<string, string>) =>
      mapping.identityOf(source({ ...servers, ...config }).parameters);
    expect(identity({ auto_offset_reset: 'earliest' })).toBe(identity({}));
    for (const other of [{ topic: 'others' }, { bootstrap_servers: 'b-3:9096' }, { group_id: 'g' }]) {
      expect(identity(other)).not.toBe(identity({}));
    }
  });
});
