import { describe, expect, test } from '@jest/globals';
import { ClockWatch } from './clock-watch.ts';

describe('the watch over the clock', () => {
  const hourMs = 3_600_000;
  let now = 0;
  let steady = 0;
  const pass = (ms: number) => {
    now += ms;
    steady += ms;
  };
  const watch = new ClockWatch(
    () => now,
    () => steady,
  );

  test('tells once by how much the clock was set back, and nothing of time that passes or jumps ahead', () => {
    pass(5_000);
    expect(watch.setBackMs()).toBe(0);
    now -= hourMs;
    pass(5_000);
    expect(watch.setBackMs()).toBe(hourMs);
    expect(watch.setBackMs()).toBe(0);
    now += 2 * hourMs;
    expect(watch.setBackMs()).toBe(0);
    now -= 1_000;
    expect(watch.setBackMs()).toBe(0);
    now -= hourMs;
    expect(watch.setBackMs()).toBe(hourMs + 1_000);
  });
});
