import type { z } from 'zod';

/** One thing that is wrong with a value that somebody gave. */
export interface FieldProblem {
  /** Dot path of the field; empty for the value as a whole. */
  readonly field: string;
  /** What was expected, as the rest of a sentence that begins with the field. */
  readonly message: string;
}

/**
 * Every problem that a schema has with a value, in words for a person.
 *
 * @param value what was validated: tells a missing field from a wrong one
 * @param prefix path of the value itself in what the person has sent
 */
export function fieldProblems(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  prefix: readonly PropertyKey[] = [],
): FieldProblem[] {
  return issues.flatMap((issue) => problemsOf(issue, value, prefix));
}

function problemsOf(issue: z.core.$ZodIssue, value: unknown, prefix: readonly PropertyKey[]): FieldProblem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: join([...path, key]), message: 'is not a known field' }));
  }
  if (issue.code === 'invalid_type' && valueAt(value, issue.path) === undefined) {
    return [{ field: join(path), message: 'is required' }];
  }
  return [{ field: join(path), message: withoutPreamble(issue.message) }];
}

/** zod begins some of its sentences with a category that tells a person nothing. */
function withoutPreamble(message: string): string {
  return message.replace(/^(Invalid input|Invalid option|Too small|Too big): /, '');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, part);
  }
  return current;
}

function join(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
