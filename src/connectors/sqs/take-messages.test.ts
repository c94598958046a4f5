import { expect, test } from '@jest/globals';
import { backoffSeconds } from './take-messages.ts';

test('a message that cannot be taken goes back for longer each time, so that an outage uses up few receives', () => {
  expect([1, 2, 3, 4, 50].map((receives) => backoffSeconds(receives, 1))).toEqual([1, 4, 16, 30, 30]);
  expect(backoffSeconds(1, 0.5)).toBe(1);
  expect(backoffSeconds(2, 60)).toBe(60);
});
