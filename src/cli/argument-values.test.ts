import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseLimit, parseMoment, parsePayload, parseSeconds } from './argument-values.ts';

describe('a payload', () => {
  test.each([
    ['{"order": 7}', { order: 7 }],
    [' [1, 2]', [1, 2]],
    ['"text"', 'text'],
  ])('%s is JSON', (text, value) => {
    expect(parsePayload(text)).toEqual(value);
  });

  test.each(['What is new?', '42', 'true', ''])('"%s" is a message', (text) => {
    expect(parsePayload(text)).toEqual({ message: text });
  });

  test('that begins like JSON has to be JSON', () => {
    expect(() => parsePayload('{message: Hello}')).toThrow('The payload is not valid JSON.');
  });

  test('is read from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'payload-'));
    const file = join(folder, 'order.json');
    await writeFile(file, '{"order": 7}');
    expect(parsePayload(`@${file}`)).toEqual({ order: 7 });
    await rm(folder, { recursive: true });
  });

  test('of a file that is not there is refused by its name', () => {
    expect(() => parsePayload('@/nowhere/order.json')).toThrow('Cannot read the file "/nowhere/order.json"');
  });
});

describe('a duration', () => {
  test.each([
    ['90', 90],
    ['90s', 90],
    ['15m', 900],
    ['24h', 86_400],
    ['7d', 604_800],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseSeconds(text)).toBe(seconds);
  });

  test.each(['', 'soon', '-1', '1.5h', '1w'])('"%s" is none', (text) => {
    expect(() => parseSeconds(text)).toThrow('Expected a duration, such as');
  });
});

describe('a moment', () => {
  test('is a date or a time', () => {
    expect(parseMoment('2026-11-22T09:00Z')).toBe('2026-11-22T09:00:00.000Z');
  });

  test('is how long ago', () => {
    const agoMs = Date.now() - Date.parse(parseMoment('2h'));
    expect(Math.round(agoMs / 60_000)).toBe(120);
  });

  test('is nothing else', () => {
    expect(() => parseMoment('yesterday')).toThrow('Expected a time, such as');
  });
});

test.each(['0', '101', '1.5', 'many', ''])('"%s" is no limit of a list', (text) => {
  expect(() => parseLimit(text)).toThrow('from 1 to 100');
});
