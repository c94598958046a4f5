import fc from 'fast-check';
import { noSecrets } from '../../core/ports/secret-store.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import type { KafkaRecord } from './kafka-record.ts';
import type { KafkaMessage } from './prepare.ts';

/** A record of the topic `orders` with the given parts. */
export function sampleRecord(parts: {
  readonly key?: Uint8Array | null;
  readonly value: string | null;
}): KafkaRecord {
  return {
    topic: 'orders',
    partition: 0,
    offset: '1542',
    timestampMs: 1_705_312_800_000,
    key: parts.key === undefined ? Buffer.from('order-12345') : parts.key,
    value: parts.value === null ? null : Buffer.from(parts.value),
  };
}

const metadata = { topic: 'orders', partition: 0, offset: 1542, timestamp: 1_705_312_800_000 };

function sample(title: string, record: KafkaRecord, payload: EventSample<KafkaRecord>['payload']) {
  const config = { bootstrap_servers: 'localhost:9092', topic: 'orders' };
  const taken = { mode: 'inbound', config, secrets: noSecrets, authenticated: false } as const;
  return { title, event: () => record, payload, ...taken };
}

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<KafkaRecord, KafkaMessage> = {
  events: [
    sample('an object, and a key', sampleRecord({ value: '{"total":99.5}' }), {
      total: 99.5,
      _kafka: { ...metadata, key: 'order-12345' },
    }),
    sample('text, and no key', sampleRecord({ key: null, value: 'shipped' }), {
      message: 'shipped',
      _kafka: { ...metadata, key: null },
    }),
    sample('a tombstone', sampleRecord({ value: null }), {
      message: null,
      _kafka: { ...metadata, key: 'order-12345' },
    }),
    sample('a key that is not UTF-8', sampleRecord({ key: Uint8Array.of(0xff, 0), value: '[1]' }), {
      message: [1],
      _kafka: { ...metadata, key: '/wA=', key_encoding: 'base64' },
    }),
  ],
  anyEvent: fc.record({
    topic: fc.string(),
    partition: fc.nat(),
    offset: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
    timestampMs: fc.oneof(fc.constant(-1), fc.nat()),
    key: fc.option(fc.uint8Array()),
    value: fc.option(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => Buffer.from(text)),
      ),
    ),
  }),
  visible: ({ topic, key, value, headers }) =>
    JSON.stringify([topic, Buffer.from(key).toString(), value, headers]),
};
