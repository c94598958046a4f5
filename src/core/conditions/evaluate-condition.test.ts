import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ConditionScope, evaluateCondition, judgeCondition } from './evaluate-condition.ts';
import { parseCondition } from './parse-condition.ts';

const scope: ConditionScope = {
  context: {
    tier: 'pro',
    age: 42,
    admin: true,
    banned: false,
    roles: ['ops', 'billing'],
    limits: { refund: 50 },
    request: { method: 'POST', headers: { 'x-github-event': 'issues' }, query: {} },
  },
  input: { total: 120.5, items: [{ sku: 'A-1' }], note: '', 'order id': 'O-7', nothing: null },
};

function holds(text: string, within: ConditionScope = scope): boolean {
  const parsed = parseCondition(text, ['context', 'input']);
  if (parsed.outcome === 'problem') throw new Error(`${text}: ${parsed.message}`);
  return evaluateCondition(parsed.condition, within);
}

describe('conditions that hold', () => {
  test.each([
    "context.tier == 'pro'",
    'context.tier != "free"',
    'context.admin == True and context.banned == false',
    'context.admin',
    'not context.banned',
    'not context.tier == "free"',
    'not context.banned and context.admin',
    'not (context.banned or input.note)',
    'input.total > 100',
    '100 < input.total <= 120.5',
    '-1 < 0 < 1.5e1',
    '"billing" in context.roles',
    '"admin" not in context.roles',
    'context.tier in ["pro", "enterprise",]',
    '"ro" in context.tier',
    '"refund" in context.limits',
    'context.limits == context["limits"]',
    'input.items[0].sku == "A-1"',
    'input["order id"] == "O-7"',
    'input.nothing == None',
    'input.missing == null',
    'context.request.headers["x-github-event"] in ["issues", "push"]',
    'input.missing.deeper[3].still == None',
    'context.roles == ["ops", "billing"]',
    'context.banned or context.admin and input.total',
    'context.tier < "proper"',
    '"it\\\'s\\n" == "it\'s\\n"',
    '0 == -0',
  ])('%s', (text) => {
    expect(holds(text)).toBe(true);
  });
});

describe('conditions that do not hold', () => {
  test.each([
    'context.tier == "free"',
    'context.admin == 1',
    'input.note',
    'input.missing',
    '[]',
    'None',
    'input.total > 100 > 200',
    'input.items[1]',
    'not context.admin',
    '"x" in [] or "ops" not in context.roles',
  ])('%s', (text) => {
    expect(holds(text)).toBe(false);
  });
});

describe('a condition that errs is false, whatever stands around the error', () => {
  test.each([
    'context.tier > 3',
    'not (context.tier > 3)',
    'input.missing < 3',
    '"a" in input.total',
    '"a" not in input.nothing',
    '1 in context.tier',
    'context.banned or context.tier > 3',
  ])('%s', (text) => {
    expect(holds(text)).toBe(false);
  });
});

test('paths reach own fields only, never a prototype', () => {
  const inherited = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'length'];
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...inherited), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('context', 'input', 'context.roles', 'context.tier', 'input.items[0]'),
      (fields, start) => {
        expect(holds(`${start}.${fields.join('.')} == None`)).toBe(true);
        expect(holds(`${start}["${fields.join('"]["')}"] == None`)).toBe(true);
      },
    ),
  );
  expect(holds('"constructor" in context')).toBe(false);
});

test('texts, numbers and lists compare as their JSON does', () => {
  const value = fc.oneof(
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.integer()),
  );
  fc.assert(
    fc.property(value, value, (left, right) => {
      const equal = JSON.stringify(left) === JSON.stringify(right);
      const within = { context: { left }, input: { right } };
      expect(holds('context.left == input.right', within)).toBe(equal);
      expect(holds('context.left != input.right', within)).toBe(!equal);
      expect(holds('input.right in [context.left]', within)).toBe(equal);
    }),
  );
});

test('and, or and not bind as in Python', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (a, b, c) => {
      const within = { context: { a, b, c }, input: {} };
      expect(holds('context.a or context.b and not context.c', within)).toBe(a || (b && !c));
      expect(holds('not context.a and context.b or context.c', within)).toBe((!a && b) || c);
      expect(holds('not context.a == context.b', within)).toBe(a !== b);
    }),
  );
});

test.each([
  ['context.tier > 3', 'Only two numbers or two texts can be compared with <, <=, >, or >=.'],
  ['"a" in context.age', 'Only a list, a text, or an object can contain something.'],
])('%s is an error: %s', (text, message) => {
  const parsed = parseCondition(text, ['context']);
  if (parsed.outcome === 'problem') throw new Error(parsed.message);
  expect(judgeCondition(parsed.condition, scope)).toEqual({ outcome: 'error', message });
  expect(evaluateCondition(parsed.condition, scope)).toBe(false);
});
