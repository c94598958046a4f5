import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readForm } from '../../../core/json/read-form.ts';
import { readJson } from '../../../core/json/read-json.ts';
import { readText } from '../../../core/json/read-text.ts';
import { readMultipart } from '../../../core/multipart/read-multipart.ts';
import { judgeFile } from '../../../files/file-kind.ts';
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
  // Trailing blanks, as a form encodes them.
  const bytes = Buffer.from(fields + '+'.repeat(40_000));
  const expected = readForm(bytes, 'utf-8', asForm);
  expect(await reader.readForm(bytes, 'utf-8', asForm)).toEqual(expected);
});

test.each([
  ['text', 'text/plain', 'Grüße'],
  ['text of no kind', '', 'Grüße'],
  ['bytes that are no text', 'text/plain', '\xff'],
  ['bytes that nobody reads', 'application/pdf', '%PDF'],
])('%s of a large body is read as by whoever asks for it', async (_what, type, text) => {
  const bytes = Buffer.concat([Buffer.from(text, text === '\xff' ? 'latin1' : 'utf8'), large('')]);
  const expected = readText(bytes, type, 'utf-8');
  expect(await reader.readText(bytes, type, 'utf-8')).toEqual(expected);
});

test('a large form with files is read as by whoever asks for it, and its memory is given away', async () => {
  const head = (name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"`;
  const form = `${head('title')}\r\n\r\nGrüße\r\n${head('list')}; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n`;
  const bytes = Buffer.from(
    `${form}${'1,2\n'.repeat(10_000)}\r\n${head('a')}; filename="a.exe"\r\n\r\nMZ\r\n--b--`,
  );
  const own = new Uint8Array(bytes);
  const read = await reader.readMultipart(own, 'b');
  expect(read).toEqual(await readMultipart(bytes, 'b', judgeFile));
  expect(read).toMatchObject({ outcome: 'read', warnings: [expect.stringContaining('"a.exe"')] });
  expect(own.length).toBe(0);
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

test('where the reader stops, large bodies are to be sent again, and no other thread is started', async () => {
  const keys = Array.from({ length: 200_000 }, (_, index) => `"key-${index}":0`).join();
  const bodies = [Buffer.from(`{${keys}}`), large('[1]'), large('[2]')];
  const readings = bodies.map((body) => reader.readJson(body, 'utf-8', limits));
  const settled = Promise.allSettled(readings);
  await reader.stop();
  const later = Promise.allSettled([reader.readJson(large('[3]'), 'utf-8', limits)]);
  const rejected = { status: 'rejected', reason: expect.objectContaining({ name: 'RetryableError' }) };
  expect([...(await settled), ...(await later)]).toEqual(Array(4).fill(rejected));
  expect(process.getActiveResourcesInfo()).not.toContain('Worker');
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
