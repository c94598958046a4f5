import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSameJson } from './same-json.ts';

test('a value equals its copy, whatever the order of keys', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = JSON.parse(JSON.stringify(value), (_, part) =>
        part !== null && typeof part === 'object' && !Array.isArray(part)
          ? Object.fromEntries(Object.entries(part).reverse())
          : part,
      );
      return isSameJson(JSON.parse(JSON.stringify(value)), copy);
    }),
  );
});

test('values with different JSON differ', () => {
  const sorted = (value: unknown): unknown =>
    JSON.stringify(value, (_, part) =>
      part !== null && typeof part === 'object' && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
        : part,
    );
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 2 }), fc.jsonValue({ maxDepth: 2 }), (one, other) => {
      expect(isSameJson(one, other) || (one === 0 && other === 0)).toBe(
        sorted(one) === sorted(other) || (one === 0 && other === 0),
      );
    }),
  );
});

test.each([
  [[], {}],
  [{}, []],
  [[1], [1, 2]],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: null }, { b: null }],
  [null, {}],
  ['1', 1],
])('%j is not %j', (one, other) => {
  expect(isSameJson(one, other)).toBe(false);
});
