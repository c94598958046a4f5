import { expect, test } from '@jest/globals';
import { oneLine, printable } from './printable.ts';

test('what somebody else wrote cannot steer the terminal', () => {
  expect(printable('\u001b]0;owned\u0007\u001b[31mred\u009b2J\u202ecod.exe')).toBe(
    '\\u001b]0;owned\\u0007\\u001b[31mred\\u009b2J\\u202ecod.exe',
  );
});

test('line breaks and tabs stay, in one form', () => {
  expect(printable('a\r\nb\rc\td')).toBe('a\nb\nc\td');
});

test('a table shows one line of bounded length', () => {
  expect(oneLine('  a\n\tb  ', 10)).toBe('a b');
  expect(oneLine('abcdefghij', 5)).toBe('abcd…');
});
