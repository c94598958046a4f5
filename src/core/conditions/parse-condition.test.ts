import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maxConditionCharacters, maxConditionDepth } from './condition.ts';
import { parseCondition } from './parse-condition.ts';

const roots = ['context', 'input'];

describe('what a condition says when it cannot be read', () => {
  test.each([
    ['', 'expected a value, found the end', 1],
    ['context.a = 3', '"=" assigns, which a condition cannot do; compare with "=="', 11],
    ['context.a && context.b', 'write "and" in place of "&&"', 11],
    ['context.a || context.b', 'write "or" in place of "||"', 11],
    ['!context.a', 'write "not" in place of "!"', 1],
    ['context.a == "x', 'a text has no closing quote', 14],
    ['context.a + 1', '"+" is not part of the language', 11],
    [
      'len(input.items) > 1',
      '"len" is unknown: a name starts with "context." or "input.", and texts stand in quotes',
      1,
    ],
    [
      'context.tier == pro',
      '"pro" is unknown: a name starts with "context." or "input.", and texts stand in quotes',
      17,
    ],
    ['context.get("a")', 'a condition cannot call functions', 12],
    ['context.a or', 'expected a value, found the end', 13],
    ['(context.a', 'expected ")", found the end', 11],
    ['context.a context.b', 'expected the end of the condition, "and" or "or", found "context"', 11],
    ['context.a not 3', 'expected "in" after "not", found 3', 15],
    ['context.', 'expected a field name after ".", found the end', 9],
    ['context[input.a]', 'expected a text or a number after "[", found "input"', 9],
    ['[1 2]', 'expected "," or "]", found 2', 4],
    ['-context.a', 'expected a number after "-", found "context"', 2],
  ])('%s', (text, message, position) => {
    expect(parseCondition(text, roots)).toEqual({ outcome: 'problem', message, position });
  });

  test('a condition of more than 2,000 characters', () => {
    const text = `context.a == "${'x'.repeat(maxConditionCharacters)}"`;
    expect(parseCondition(text, roots)).toMatchObject({
      outcome: 'problem',
      message: `a condition has at most 2000 characters, this one has ${text.length}`,
    });
  });

  test('one that is nested too deeply, in whatever way', () => {
    for (const opening of ['(', '[', 'not ']) {
      const text = `${opening.repeat(maxConditionDepth + 1)}context.a`;
      expect(parseCondition(text, roots)).toMatchObject({ message: 'it is nested more than 50 deep' });
    }
  });
});

test('any text is either read or explained, and never throws', () => {
  const words = [
    'context',
    'input',
    '.',
    '[',
    ']',
    '(',
    ')',
    '"a"',
    '1',
    '==',
    'not',
    'in',
    'and',
    'or',
    ',',
    'None',
    '-',
  ];
  const nearMisses = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((picked) => picked.join(' '));
  fc.assert(
    fc.property(fc.oneof(fc.string(), nearMisses), (text) => {
      const parsed = parseCondition(text, roots);
      if (parsed.outcome === 'problem') expect(parsed.message).not.toBe('');
      else expect(parsed.condition.kind).toBeDefined();
    }),
    { numRuns: 2_000 },
  );
});

test('a name that is not a root is explained with the roots that there are', () => {
  expect(parseCondition('payload.total > 1', ['input', 'context', 'connector'])).toEqual({
    outcome: 'problem',
    message:
      '"payload" is unknown: a name starts with "input.", "context." or "connector.", and texts stand in quotes',
    position: 1,
  });
  expect(parseCondition('connector.name == "a"', ['connector']).outcome).toBe('parsed');
});
