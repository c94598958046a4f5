import { describe, expect, test } from '@jest/globals';
import { BodyMemory } from './http-request.ts';

const kilobyte = 1024;
const own = 64 * kilobyte;

describe('the memory of bodies', () => {
  const memory = () => new BodyMemory(1_000 * kilobyte);

  test('is there for many small bodies, whatever the large ones take', () => {
    const bodies = memory();
    bodies.open(2_000 * kilobyte).take(own + 1);
    for (let n = 0; n < 1_000; n++) bodies.open(own).take(own);
  });

  test('is taken for the whole of a large body at its beginning, and refused to those that come after it', () => {
    const bodies = memory();
    const first = bodies.open(own + 600 * kilobyte);
    first.take(own + 1);
    const second = bodies.open(own + 600 * kilobyte);
    expect(() => second.take(own + 1)).toThrow('Too many large concurrent requests.');
    first.take(600 * kilobyte - 1);
    first.free();
    second.take(1);
  });

  test('is given alone to one that is larger than all of it', () => {
    const bodies = memory();
    const large = bodies.open(5_000 * kilobyte);
    large.take(5_000 * kilobyte);
    const other = bodies.open();
    expect(() => other.take(own + 1)).toThrow('Too many');
    large.free();
    other.take(1);
  });

  test('counts what comes of a body that announced nothing, and is given back once', () => {
    const bodies = memory();
    const first = bodies.open();
    first.take(own + 700 * kilobyte);
    const second = bodies.open();
    expect(() => second.take(own + 400 * kilobyte)).toThrow('Too many');
    first.free();
    first.free();
    second.take(0);
    const third = bodies.open();
    expect(() => third.take(own + 700 * kilobyte)).toThrow('Too many');
  });
});
