import { describe, expect, test } from '@jest/globals';
import { pauseMs } from './wait-for-turn.ts';
import { backoffSeconds } from './work-function.ts';

describe('waits', () => {
  test('of a message that failed double each time, up to 15 minutes', () => {
    expect([1, 2, 3, 7, 8, 100].map(backoffSeconds)).toEqual([10, 20, 40, 640, 900, 900]);
  });

  test('of a run for its turn grow with the time that it has waited, from 1 s to 1 minute', () => {
    expect([0, 4_000, 40_000, 3_600_000].map(pauseMs)).toEqual([1_000, 1_000, 10_000, 60_000]);
  });
});
