import { expect, test } from '@jest/globals';
import { memoryBudget } from './memory-budget.ts';

const mebibyte = 1024 * 1024;
const machine = 16_384 * mebibyte;

test.each([
  ['of a container', { container: 1_024 * mebibyte, machine, heap: 560 * mebibyte }, 'container', 1_024, 32],
  [
    'of the machine, where no control group sets any',
    { container: 0, machine, heap: 4_288 * mebibyte },
    'machine',
    16_384,
    268,
  ],
  [
    'of the machine, where the control group says "as much as you like"',
    { container: 2 ** 64, machine, heap: 4_288 * mebibyte },
    'machine',
    16_384,
    268,
  ],
  [
    'of a heap that is smaller than usual',
    { container: 0, machine, heap: 256 * mebibyte },
    'machine',
    16_384,
    16,
  ],
  ['of next to nothing', { container: 16 * mebibyte, machine, heap: 16 * mebibyte }, 'container', 16, 1],
])('what payloads may take up follows from the limit %s', (_, limits, limitOf, limit, part) => {
  const budget = memoryBudget(limits);
  expect(budget).toMatchObject({ limitOf, limitBytes: limit * mebibyte, bodyBytes: part * mebibyte });
});

test.each([
  ['a quarter of a container of 1 GiB', 1_024, 256],
  ['2 GiB, where there is more than that', 16_384, 2_048],
])('the thread that reads large bodies may take %s', (_, limit, megabytes) => {
  const budget = memoryBudget({ container: limit * mebibyte, machine, heap: 560 * mebibyte });
  expect(budget.readerMegabytes).toBe(megabytes);
});
