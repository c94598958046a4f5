import { describe, expect, test } from '@jest/globals';
import { durationBetween, durationText } from './duration.ts';
import { bytesText, costText, counted, percentText } from './numbers.ts';
import { agoText, clockText, comingTimeText, elapsedText, relativeTimeText, remainingText } from './time.ts';

describe('how values read', () => {
  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_234, '1.2 s'],
    [9_999, '9.9 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [5_400_000, '1 h 30 min'],
    [187_200_000, '2 d 4 h'],
  ])('a duration of %d ms: %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  test('a duration needs both its ends, and is never negative', () => {
    expect(durationBetween('2026-11-22T10:00:00.000Z', null)).toBeNull();
    expect(durationBetween('2026-11-22T10:00:00.000Z', '2026-11-22T09:00:00.000Z')).toBe(0);
    expect(durationBetween('2026-11-22T10:00:00.000Z', '2026-11-22T10:00:01.500Z')).toBe(1_500);
  });

  test.each([
    [null, '–'],
    [0, '$0'],
    [0.00001, '<$0.0001'],
    [0.0123, '$0.0123'],
    [12.345, '$12.35'],
    [12_345.678, '$12,345.68'],
  ])('a cost of %s: %s', (usd, text) => {
    expect(costText(usd)).toBe(text);
  });

  test.each([
    [null, '–'],
    [1, '100%'],
    [0.985, '98.5%'],
  ])('a share of %s: %s', (share, text) => {
    expect(percentText(share)).toBe(text);
  });

  test.each([
    [512, '512 B'],
    [1_500, '1.5 kB'],
    [2_000_000, '2.0 MB'],
  ])('%d bytes: %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  test.each([
    [-2, 'just now'],
    [-90, '1 min ago'],
    [-7_200, '2 h ago'],
    [-200_000, '2 d ago'],
    [300, 'in 5 min'],
  ])('a moment %d s from now: %s', (seconds, text) => {
    const now = Date.parse('2026-11-22T10:00:00.000Z');
    expect(relativeTimeText(new Date(now + seconds * 1_000).toISOString(), now)).toBe(text);
  });

  test.each([
    [-7, 'now'],
    [0, 'now'],
    [3, 'in 3 s'],
    [300, 'in 5 min'],
  ])('what comes %d s from now: %s', (seconds, text) => {
    const now = Date.parse('2026-11-22T10:00:00.000Z');
    expect(comingTimeText(new Date(now + seconds * 1_000).toISOString(), now)).toBe(text);
  });

  test.each([
    [1, '1 more second', '1 s'],
    [90, '2 more minutes', '1 min'],
    [3_600, '1 more hour', '1 h'],
    [86_400, '1 more day', '1 d'],
    [172_800, '2 more days', '2 d'],
  ])('%d s that remain or have passed', (seconds, remaining, elapsed) => {
    const now = Date.parse('2026-11-22T10:00:00.000Z');
    expect(remainingText(new Date(now + seconds * 1_000).toISOString(), now)).toBe(remaining);
    expect(elapsedText(new Date(now - seconds * 1_000).toISOString(), now)).toBe(elapsed);
  });

  test.each([
    [1, '1 agent'],
    [2, '2 agents'],
    [12_345, '12,345 agents'],
  ])('a count of %d with its noun: %s', (count, text) => {
    expect(counted(count, 'agent')).toBe(text);
  });

  test.each([
    [-90, '1 min ago'],
    [6, 'just now'],
    [3_600, 'just now'],
  ])('what happened %d s from now, by a clock that may be behind: %s', (seconds, text) => {
    const now = Date.parse('2026-11-22T10:00:00.000Z');
    expect(agoText(new Date(now + seconds * 1_000).toISOString(), now)).toBe(text);
  });
});

describe('a time of day in UTC', () => {
  const now = Date.UTC(2026, 10, 22, 12);

  test('says so, with the date where it is not today there', () => {
    expect(clockText('2026-11-22T23:30:00Z', 'utc', now)).toBe('23:30:00 UTC');
    expect(clockText('2026-11-21T23:30:00Z', 'utc', now)).toBe('21 Nov, 23:30:00 UTC');
    expect(clockText('2025-11-22T12:00:00Z', 'utc', now)).toBe('22 Nov, 12:00:00 UTC');
  });
});
