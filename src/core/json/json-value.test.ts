import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isJsonObject, jsonObject, valueAtPath } from './json-value.ts';

describe('the value at a path', () => {
  const order = { order: { customer: { id: 7 }, items: [{ sku: 'a' }, null] }, 'a.b': 1, none: null };

  test.each([
    ['order.customer.id', 7],
    ['order.items.0.sku', 'a'],
    ['order.items.1', null],
    ['none', null],
    ['order.items.2', undefined],
    ['order.customer.id.more', undefined],
    ['none.more', undefined],
    ['a.b', undefined],
    ['', undefined],
    ['order.', undefined],
  ])('%s', (path, expected) => {
    expect(valueAtPath(order, path)).toEqual(expected);
  });

  test.each([
    '__proto__',
    'constructor',
    'order.constructor.name',
    'toString',
    'order.items.map',
    'order.items.length',
  ])('%s leads nowhere: only what the value itself has is followed', (path) => {
    expect(valueAtPath(order, path)).toBeUndefined();
  });

  test('is undefined or a part of the value, for any value and any path', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, path) => {
        const json = JSON.parse(JSON.stringify(value));
        const found = valueAtPath(json, path);
        if (found !== undefined) expect(JSON.stringify(json)).toContain(JSON.stringify(found));
      }),
    );
  });
});

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ['text', false],
  [undefined, false],
])('%j is a JSON object: %s', (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
  expect(jsonObject.safeParse(value).success).toBe(expected);
});
