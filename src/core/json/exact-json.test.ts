import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hasAlteredNumber, parseExactly } from './exact-json.ts';
import { isJsonObject } from './json-value.ts';

describe('JSON that is read and written again', () => {
  test.each([
    '9223372036854775807',
    '-9007199254740993',
    '1e400',
    '-1E-400',
    '1.10',
    '1.0',
    '-0',
    '0.1000000000000000055',
    '1e2',
    '100000000000000000000000',
    '12345678.123456789012',
  ])('keeps the digits of %s, wherever it stands', (number) => {
    for (const text of [number, `[1,${number}]`, `{"a":{"id":${number}},"b":"${number}"}`]) {
      expect(hasAlteredNumber(text)).toBe(true);
      expect(JSON.stringify(parseExactly(text))).toBe(text);
    }
  });

  test.each([
    '0',
    '-1',
    '1.1',
    '123456789012345',
    '9007199254740991',
    '1e+21',
    '0.000001',
    '5e-324',
    '"1.10"',
    '"\\"1.10"',
  ])('reads %s as JSON.parse does', (text) => {
    expect(hasAlteredNumber(text)).toBe(false);
    expect(parseExactly(text)).toEqual(JSON.parse(text));
  });

  const digits = fc.stringMatching(/^-?(?:0|[1-9][0-9]{0,25})(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,3})?$/);

  test('keeps every number of any text', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), digits), (numbers) => {
        const members = Object.entries(numbers).map(([key, number]) => `${JSON.stringify(key)}:${number}`);
        const written = JSON.stringify(parseExactly(`{${members.join(' , ')}}`));
        for (const member of members) expect(written).toContain(member);
      }),
    );
  });

  test('keeps every value that JavaScript wrote', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const written = JSON.stringify(JSON.parse(text));
        expect(hasAlteredNumber(written)).toBe(false);
        expect(JSON.stringify(parseExactly(text))).toBe(written);
      }),
    );
  });

  test('a number of which only the digits are kept is not an object', () => {
    expect(isJsonObject(parseExactly('1e400'))).toBe(false);
    expect(isJsonObject(parseExactly('{"a":1e400}'))).toBe(true);
  });
});
