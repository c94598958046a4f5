import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { fieldProblems } from './field-problem.ts';
import { refuseInvalid } from './refusal.ts';

const schema = z.strictObject({
  name: z.string(),
  port: z.int().max(10),
  auth: z.strictObject({ type: z.enum(['none', 'secret']) }),
});

function problemsOf(value: unknown) {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : fieldProblems(parsed.error.issues, ['config']);
}

describe('the problems of a value', () => {
  test('name every field, the missing and the unknown ones too', () => {
    expect(problemsOf({ port: 11, auth: { type: 'x' }, color: 1, size: 2 })).toEqual([
      { field: 'config.name', message: 'is required' },
      { field: 'config.port', message: 'must be at most 10' },
      { field: 'config.auth.type', message: 'must be one of "none", "secret"' },
      { field: 'config.color', message: 'is not a known field' },
      { field: 'config.size', message: 'is not a known field' },
    ]);
  });

  test('are told apart from a field of the wrong kind', () => {
    expect(problemsOf({ name: null, port: 1, auth: { type: 'none' } })).toEqual([
      { field: 'config.name', message: 'must be a string' },
    ]);
  });

  test('make one sentence together', () => {
    const refusal = refuseInvalid([
      { field: 'url', message: 'Enter a full URL.' },
      { field: '', message: 'the body is empty' },
    ]);
    expect(refusal.detail).toBe('Invalid request. url: Enter a full URL; the body is empty.');
  });

  test('keep the question mark of a suggestion', () => {
    const problem = { field: 'agents.0', message: 'There is no agent named "ech". Did you mean "echo"?' };
    expect(refuseInvalid([problem]).detail).toBe(
      'Invalid request. agents.0: There is no agent named "ech". Did you mean "echo"?',
    );
  });
});
