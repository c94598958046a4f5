import { describe, expect, test } from '@jest/globals';
import { DurationHistogram } from './run-tally.ts';

function histogramOf(durationsMs: readonly number[]): DurationHistogram {
  const histogram = new DurationHistogram();
  for (const duration of durationsMs) histogram.add(duration);
  return histogram;
}

describe('a histogram of durations', () => {
  test('knows durations below 50 ms exactly', () => {
    for (let durationMs = 0; durationMs < 50; durationMs++) {
      expect(histogramOf([durationMs]).percentiles()).toEqual({ p50: durationMs, p95: durationMs });
    }
  });

  test.each([100, 999, 1_000, 12_345, 299_999, 86_400_000])('knows %d ms to 1%%', (durationMs) => {
    const { p50 } = histogramOf([durationMs]).percentiles() ?? { p50: 0 };
    expect(Math.abs(p50 / durationMs - 1)).toBeLessThanOrEqual(0.01);
  });

  test('gives the duration that a share of all does not exceed', () => {
    const percentiles = histogramOf(Array.from({ length: 40 }, (_, index) => index + 1)).percentiles();
    expect(percentiles).toEqual({ p50: 20, p95: 38 });
  });

  test('added to another one is that of all durations', () => {
    const [few, many] = [[1, 400, 90_000], Array.from({ length: 500 }, (_, index) => index * 31)];
    const sum = histogramOf(few);
    sum.addAll(histogramOf(many));
    expect(sum.percentiles()).toEqual(histogramOf([...few, ...many]).percentiles());
  });

  test('of nothing has no percentiles, and a clock that went back makes no negative ones', () => {
    expect(histogramOf([]).percentiles()).toBeNull();
    expect(histogramOf([-5]).percentiles()).toEqual({ p50: 0, p95: 0 });
  });
});
