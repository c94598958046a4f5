import { expect, test } from '@jest/globals';
import { backoffSeconds } from './work-function.ts';

test('A message that failed comes back after a wait that doubles each time, up to 15 minutes', () => {
  expect([1, 2, 3, 7, 8, 100].map(backoffSeconds)).toEqual([10, 20, 40, 640, 900, 900]);
});
