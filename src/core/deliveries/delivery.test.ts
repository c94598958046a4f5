import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { disableAfterFailingMs, retryDelayMs, retryDelaysMs } from './delivery.ts';

const withoutJitter = 0.5;

describe('the wait after a failed attempt', () => {
  test('is 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, and then there is none', () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8].map((attempt) => retryDelayMs(attempt, withoutJitter));
    expect(waits).toEqual([5_000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000, null]);
  });

  test('is spread by 20% to both sides', () => {
    expect(retryDelayMs(1, 0)).toBe(4_000);
    expect(retryDelayMs(1, 0.999_999)).toBe(6_000);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, random) => {
          const scheduled = retryDelaysMs[attempt - 1] ?? 0;
          const wait = retryDelayMs(attempt, random) ?? 0;
          expect(Math.abs(wait - scheduled)).toBeLessThanOrEqual(scheduled * 0.2);
        },
      ),
    );
  });

  test('is what the receiver asked for where that is longer', () => {
    expect(retryDelayMs(1, withoutJitter, 60_000)).toBe(60_000);
    expect(retryDelayMs(2, withoutJitter, 60_000)).toBe(300_000);
    expect(retryDelayMs(8, withoutJitter, 60_000)).toBeNull();
  });
});

test('a connector that only fails is disabled after 5 days, when all attempts of its first delivery are over', () => {
  const schedule = retryDelaysMs.reduce((sum, delay) => sum + delay, 0);
  expect(disableAfterFailingMs).toBe(5 * 24 * 3_600_000);
  expect(schedule * 1.2).toBeLessThan(disableAfterFailingMs);
});
