import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isJsonObject, type JsonObject, jsonObject, Payload } from '../../core/json/json-value.ts';
import { keptRecord } from './kafka-record.ts';
import { keyOfPayload, payloadOf } from './payload.ts';
import { sampleRecord } from './samples.ts';

function payloadOfRecord(record: Parameters<typeof payloadOf>[0]): Payload {
  const outcome = payloadOf(record);
  if (outcome.outcome === 'unreadable') throw new Error(outcome.problem);
  return outcome.payload;
}

function read(record: Parameters<typeof payloadOf>[0]): JsonObject {
  const { value } = payloadOfRecord(record);
  if (!isJsonObject(value)) throw new Error('it is not an object');
  return value;
}

describe('the payload of a message', () => {
  test('an object keeps its fields, but for _kafka, which is always ours', () => {
    const payload = read(sampleRecord({ value: '{"a":1,"_kafka":"theirs","__proto__":{"b":2}}' }));
    expect(Object.keys(payload).sort()).toEqual(['__proto__', '_kafka', 'a']);
    expect(payload['_kafka']).toEqual({
      topic: 'orders',
      partition: 0,
      offset: 1542,
      timestamp: 1_705_312_800_000,
      key: 'order-12345',
    });
  });

  test.each([
    ['text', 'text'],
    ['{"open": ', '{"open": '],
    ['42', 42],
    ['null', null],
    ['[{"a":1}]', [{ a: 1 }]],
    ['"quoted"', 'quoted'],
    ['', ''],
  ])('%j goes under message', (value, message) => {
    expect(read(sampleRecord({ value }))['message']).toEqual(message);
  });

  test('keeps the digits of every number', () => {
    const { text } = payloadOfRecord(sampleRecord({ value: '{"id":9223372036854775807,"total":1.10}' }));
    expect(text).toContain('{"id":9223372036854775807,"total":1.10,"_kafka":');
    expect(payloadOfRecord(sampleRecord({ value: '1e400' })).text).toContain('{"message":1e400,"_kafka":');
  });

  test('bytes that are not UTF-8 cannot be read', () => {
    const record = { ...sampleRecord({ value: null }), value: Uint8Array.of(0xc3, 0x28) };
    expect(payloadOf(record)).toMatchObject({ outcome: 'unreadable' });
  });

  test('any JSON object survives', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        const { _kafka, ...rest } = read(sampleRecord({ value: text }));
        expect(rest).toEqual(isJsonObject(value) ? value : { message: value });
        expect(jsonObject.parse(_kafka)['offset']).toBe(1542);
      }),
    );
  });
});

test('any key is found again in the payload, byte for byte', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (key) => {
      const found = keyOfPayload(payloadOfRecord(sampleRecord({ key, value: '{}' })));
      expect(Buffer.compare(found ?? Buffer.from('none'), key)).toBe(0);
    }),
  );
  expect(keyOfPayload(payloadOfRecord(sampleRecord({ key: null, value: '{}' })))).toBeNull();
  expect(keyOfPayload(Payload.of({ _kafka: { key: 7 } }))).toBeNull();
});

test('a record is kept and read again without a change', () => {
  const bytes = fc.option(fc.uint8Array());
  fc.assert(
    fc.property(bytes, bytes, (key, value) => {
      const record = { ...sampleRecord({ value: null }), key, value };
      const again = keptRecord.read(jsonObject.parse(JSON.parse(JSON.stringify(keptRecord.write(record)))));
      expect({ ...again, key: again.key && [...again.key], value: again.value && [...again.value] }).toEqual({
        ...record,
        key: key && [...key],
        value: value && [...value],
      });
    }),
  );
});
