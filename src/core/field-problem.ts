import type * as z from 'zod';

/** One problem with a given value. */
export interface FieldProblem {
  /** Dot path of the field; empty for the value as a whole. */
  readonly field: string;
  /** What was expected, as the rest of a sentence that begins with the field. */
  readonly message: string;
}

/**
 * All problems that a schema found in a value, in words for people.
 *
 * @param prefix path of the value itself in the request
 */
export function fieldProblems(
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[] = [],
): FieldProblem[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ field: join(path), message: sentence(issue) }];
    return issue.keys.map((key) => ({ field: join([...path, key]), message: 'is not a known field' }));
  });
}

/** How zod's own sentences begin. */
const ownSentence = /^(Invalid input|Invalid option|Too small|Too big): /;

/** zod reports a missing field as "received undefined", and writes its own sentences for developers. */
function sentence(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  if (message.endsWith('received undefined')) return 'is required';
  return ownSentence.test(message) ? (plainSentence(issue) ?? message.replace(ownSentence, '')) : message;
}

function plainSentence(issue: z.core.$ZodIssue): string | null {
  switch (issue.code) {
    case 'too_small':
      return limitSentence('at least', issue.minimum, issue.origin);
    case 'too_big':
      return limitSentence('at most', issue.maximum, issue.origin);
    case 'invalid_type':
      return typeSentences[issue.expected] ?? null;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    default:
      return null;
  }
}

const counted: Readonly<Record<string, string>> = { string: 'characters', array: 'items', record: 'entries' };

function limitSentence(bound: string, limit: number | bigint, origin: string): string {
  const unit = counted[origin];
  return unit === undefined ? `must be ${bound} ${limit}` : `must have ${bound} ${limit} ${unit}`;
}

const typeSentences: Readonly<Record<string, string>> = {
  string: 'must be a string',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  object: 'must be an object',
  record: 'must be an object',
  array: 'must be a list',
};

function join(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
