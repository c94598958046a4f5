import { expect, test } from '@jest/globals';
import { keyAtPath } from './key-at-path.ts';

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
