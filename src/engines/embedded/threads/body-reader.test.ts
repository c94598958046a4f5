import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readForm } from '../../../core/json/read-form.ts';
import { readJson } from '../../../core/json/read-json.ts';
import { BodyReader } from './body-reader.ts';

const limits = { maxDepth: 256, maxKeys: 1_000_000 };
const asForm = { jsonField: 'payload', limits };
const large = (text: string) => Buffer.from(text + ' '.repeat(40_000));

let reader: BodyReader;
beforeEach(() => {
  reader = new BodyReader(512);
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
    await reader.readJson(large(text), 'utf-8', limits),
  ];
  expect(read).toEqual(small);
});

test.each([
  ['fields', 'a=1&b=x+y%21&a=2'],
  ['a field that holds the payload', 'payload=%7B%22id%22%3A9223372036854775807%7D'],
  ['a field that is not text', 'a=%ff'],
  ['too many fields', 'a&'.repeat(1_001)],
])('a large form with %s is read as by whoever asks for it', async (_what, fields) => {
  // Blanks at the end, as a form writes them.
  const bytes = Buffer.from(fields + '+'.repeat(40_000));
  expect(await reader.readForm(bytes, 'utf-8', asForm)).toEqual(readForm(bytes, 'utf-8', asForm));
});

test('large bodies are read in their order, and small ones go past them', async () => {
  const order: string[] = [];
  const note = (name: string) => async (bytes: Buffer) => {
    await reader.readJson(bytes, 'utf-8', limits);
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
  const reading = reader.readJson(Buffer.from(`{${keys}}`), 'utf-8', limits);
  const rejected = expect(reading).rejects.toMatchObject({ name: 'RetryableError' });
  await reader.stop();
  await rejected;
  expect(await reader.readJson(large('[1]'), 'utf-8', limits)).toEqual({ outcome: 'read', text: '[1]' });
});

test('a body that takes more memory than the thread has is refused, and no other with it', async () => {
  const small = new BodyReader(32);
  const keys = Array.from({ length: 500_000 }, (_, index) => `"key-${index}":{"a":[${index}]}`).join();
  const [tooMuch, other] = await Promise.all([
    small.readJson(Buffer.from(`{${keys}}`), 'utf-8', { ...limits, maxKeys: 5_000_000 }),
    small.readJson(large('[1]'), 'utf-8', limits),
  ]);
  await small.stop();
  expect(tooMuch).toEqual({
    outcome: 'refused',
    reason: 'too-large',
    detail: 'The body needs more memory than this system provides for one request.',
  });
  expect(other).toEqual({ outcome: 'read', text: '[1]' });
});
