import { expect, test } from '@jest/globals';
import { cursorAfter, maxSteps, timeAbove } from './read-table.ts';
import type { TableCursor } from './table-cursor.ts';

const first: TableCursor = {
  ...{ of: '', floor: '0', top: '0', snapshot: '1:1:', at: 0, steps: [{ top: '0', at: 0 }] },
  ...{ next: { floor: '0', running: ['slow'], end: null }, scan: null, old: null },
};

/** The cursor after a look at the time `at` that has read one row with this value. */
function lookedAt(before: TableCursor, at: number, isSettled: boolean): TableCursor {
  const rows = [{ value: String(at), key: '', above: true }];
  return cursorAfter(before, rows, {
    snapshot: '1:1:',
    running: [],
    end: null,
    at,
    isSettled,
    isFull: false,
  });
}

/** As the query tells it. */
const timeOf = (value: number, cursor: TableCursor) =>
  cursor.steps.find((step) => Number(step.top) >= value)?.at ?? timeAbove(cursor);

test('a row keeps its time while a transaction runs, however many looks there are', () => {
  const times: number[] = [];
  let cursor = first;
  for (let at = 1; at < maxSteps + 100; at++) {
    times.push(timeOf(at, cursor));
    cursor = lookedAt(cursor, at, false);
  }
  expect(cursor.steps).toHaveLength(maxSteps);
  expect(times.map((_, index) => timeOf(index + 1, cursor))).toEqual(times);
  // Then it has ended: the floor rises to the top of this look, and at the next one the steps below are dropped.
  const settled = lookedAt(lookedAt(cursor, 2_000, true), 2_001, true);
  expect(settled).toMatchObject({ floor: '2000', steps: [{ top: '2001', at: 998 }] });
  expect(timeAbove(settled)).toBe(2_001);
});
