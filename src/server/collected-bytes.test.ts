import { expect, test } from '@jest/globals';
import { CollectedBytes } from './http-request.ts';

const megabyte = 1024 * 1024;

test('Large bodies that have only begun take no memory for what they announced', () => {
  const before = process.memoryUsage().arrayBuffers;
  const bodies = Array.from({ length: 40 }, () => new CollectedBytes(25 * megabyte));
  for (const body of bodies) body.add(Buffer.from('x'));
  const taken = process.memoryUsage().arrayBuffers - before;
  expect(bodies.map(({ size }) => size)).toEqual(Array(40).fill(1));
  expect(taken).toBeLessThan(25 * megabyte);
});

test.each([
  ['small pieces', 1_000],
  ['pieces that are large themselves', 100_000],
])('A large body in %s is collected whole, in memory of its own', (_what, length) => {
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
  const body = new CollectedBytes(sent.length);
  for (let at = 0; at < sent.length; at += length) body.add(sent.subarray(at, at + length));
  const whole = body.whole();
  expect(sent.equals(whole)).toBe(true);
  expect(whole).toMatchObject({ byteOffset: 0, buffer: { byteLength: sent.length } });
});
