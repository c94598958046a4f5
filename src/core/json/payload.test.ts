import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyOfPayload } from '../identifiers.ts';
import { looksWhole, Payload, valueAtPath } from './json-value.ts';

const order = new Payload(
  '{"id":9223372036854775807,"total":1.10,"lines":[{"sku":"a\\"}"},{"sku":null}],"a.b":1}',
);

test('a payload is a rounded value for code, and the digits that came for everything that is written', () => {
  expect(order.value).toMatchObject({ id: 9223372036854776000, total: 1.1 });
  expect(JSON.stringify({ payload: order })).toBe(`{"payload":${order.text}}`);
});

test.each([
  ['id', '9223372036854775807'],
  ['total', '1.10'],
  ['lines.0.sku', '"a\\"}"'],
  ['lines.1', '{"sku":null}'],
  ['lines.1.sku', 'null'],
  ['lines.2', undefined],
  ['lines.00', undefined],
  ['lines.length', undefined],
  ['id.more', undefined],
  ['a.b', undefined],
  ['', undefined],
])('what stands at %s is %s', (path, text) => {
  expect(order.at(path)).toBe(text);
});

test('it is found at any path of any value, as it is in the value itself', () => {
  const paths = fc
    .array(fc.oneof(fc.constantFrom('a', 'b', '0', '1', '__proto__'), fc.string()))
    .map((parts) => parts.join('.'));
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.jsonValue(),
      fc.array(tie('value')),
      fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(tree, paths, (value, path) => {
      const payload = new Payload(JSON.stringify(value));
      const found = valueAtPath(payload.value, path);
      expect(payload.at(path)).toBe(found === undefined ? undefined : JSON.stringify(found));
    }),
    { numRuns: 500 },
  );
});

test('two numbers that JavaScript takes for one are two keys', () => {
  const keyOf = (text: string) => keyOfPayload(new Payload(text), 'order.id');
  expect(keyOf('{"order":{"id":9007199254740992}}')).toBe('9007199254740992');
  expect(keyOf('{"order":{"id":9007199254740993}}')).toBe('9007199254740993');
  expect(keyOf('{"order":{"id":"9007199254740993"}}')).toBe('9007199254740993');
  expect(keyOf('{"order":{"id":null}}')).toBeNull();
  expect(keyOf('{"order":{}}')).toBeNull();
});

test.each(['{"text":"xx', '{', '[1,2', '"', '', '{"text":"\0\0"}'])('the stored text %j was torn', (text) => {
  expect(looksWhole(text)).toBe(false);
});

test('no text of a value looks torn', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => expect(looksWhole(JSON.stringify(value))).toBe(true)));
});
