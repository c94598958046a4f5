import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readJson } from '../../../core/json/read-json.ts';
import { JsonReader } from './json-reader.ts';

const limits = { maxDepth: 256, maxKeys: 1_000_000 };
const large = (text: string) => Buffer.from(text + ' '.repeat(40_000));

let reader: JsonReader;
beforeEach(() => {
  reader = new JsonReader();
});
afterEach(() => reader.stop());

test.each([
  ['numbers with their digits', '{"id":9223372036854775807,"b":[1.10]}'],
  ['text of any script', '["Grüße 🌍"]'],
  ['a fault', '{"a":1,\n}'],
  ['a key that stands twice', '{"a":1,"a":2}'],
])('a large body with %s is read as a small one is', async (_what, text) => {
  const [small, read] = [
    readJson(Buffer.from(text), 'utf-8', limits),
    await reader.read(large(text), 'utf-8', limits),
  ];
  expect(read).toEqual(small);
});

test('large bodies are read in their order, and small ones go past them', async () => {
  const order: string[] = [];
  const note = (name: string) => async (bytes: Buffer) => {
    await reader.read(bytes, 'utf-8', limits);
    order.push(name);
  };
  const keys = Array.from({ length: 200_000 }, (_, index) => `"key-${index}":0`).join();
  await Promise.all([
    note('first large')(Buffer.from(`{${keys}}`)),
    note('second large')(large('{}')),
    note('small')(Buffer.from('{}')),
  ]);
  expect(order).toEqual(['small', 'first large', 'second large']);
});

test('where the thread ends, its body is to be sent again, and the next one has another thread', async () => {
  const keys = Array.from({ length: 200_000 }, (_, index) => `"key-${index}":0`).join();
  const reading = reader.read(Buffer.from(`{${keys}}`), 'utf-8', limits);
  const rejected = expect(reading).rejects.toMatchObject({ name: 'RetryableError' });
  await reader.stop();
  await rejected;
  expect(await reader.read(large('[1]'), 'utf-8', limits)).toEqual({ outcome: 'read', text: '[1]' });
});
