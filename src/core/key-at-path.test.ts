import { expect, test } from '@jest/globals';
import { keyAtPath } from './identifiers.ts';

const facts = {
  input: { order: { id: 7, lines: [1, 2] }, urgent: false, note: null },
  context: { user_id: 'ada' },
};

test.each([
  ['context.user_id', 'ada'],
  ['input.order.id', '7'],
  ['input.urgent', 'false'],
  ['input.order', '{"id":7,"lines":[1,2]}'],
  ['input.order.lines', '[1,2]'],
  ['input.note', null],
  ['context.missing', null],
  ['input.user_id', null],
])('the key at %s is %j', (path, expected) => {
  expect(keyAtPath(facts, path)).toBe(expected);
});

test('a long key is short, the same for the same value, and another for another', () => {
  const keyOf = (order: string) => keyAtPath({ order }, 'order') ?? '';
  const long = 'x'.repeat(500_000);
  expect(keyOf('x'.repeat(500))).toHaveLength(500);
  expect(keyOf(long)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(keyOf(long)).toBe(keyOf('x'.repeat(500_000)));
  expect(keyOf(`${long}y`)).not.toBe(keyOf(long));
});
