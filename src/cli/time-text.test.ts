import { describe, expect, test } from '@jest/globals';
import { durationText, elapsed, localTime, timeText } from './time-text.ts';

describe('durations', () => {
  test.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_240, '1.2 s'],
    [60_000, '1 min'],
    [185_000, '3 min 5 s'],
    [24 * 3_600_000, '24 h'],
    [5_400_000, '1 h 30 min'],
  ])('%d ms are %s', (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });

  test('what has not begun or not ended has none', () => {
    expect(elapsed(null, '2026-11-22T10:00:00.000Z')).toBe('-');
    expect(elapsed('2026-11-22T10:00:00.000Z', null)).toBe('-');
    expect(elapsed('2026-11-22T10:00:00.000Z', '2026-11-22T10:00:00.340Z')).toBe('340 ms');
  });
});

describe('times', () => {
  test("are shown in the person's own zone", () => {
    const iso = '2026-11-22T10:00:00.000Z';
    const local = new Date(iso);
    expect(localTime(iso)).toMatch(/^2026-11-2\d \d\d:\d\d:00$/);
    expect(Number(localTime(iso).slice(11, 13))).toBe(local.getHours());
  });

  test.each([
    [0, 'now'],
    [-12_000, '12 s ago'],
    [-185_000, '3 min ago'],
    [300_000, 'in 5 min'],
    [-47 * 3_600_000, '47 h ago'],
    [-49 * 3_600_000, '2 d ago'],
  ])('%d ms from now are "%s"', (distanceMs, text) => {
    const now = Date.parse('2026-11-22T10:00:00.000Z');
    const iso = new Date(now + distanceMs).toISOString();
    expect(timeText(iso, now)).toBe(`${localTime(iso)} (${text})`);
  });

  test('a missing one is a dash', () => {
    expect(timeText(null)).toBe('-');
    expect(localTime(null)).toBe('-');
  });
});
