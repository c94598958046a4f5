import type * as z from 'zod';

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
 * @param prefix path of the value itself in what the person has sent
 */
export function fieldProblems(
  issues: readonly z.core.$ZodIssue[],
  prefix: readonly PropertyKey[] = [],
): FieldProblem[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ field: join(path), message: sentence(issue.message) }];
    return issue.keys.map((key) => ({ field: join([...path, key]), message: 'is not a known field' }));
  });
}

/** zod begins some of its sentences with a category, and says of a missing field that it received `undefined`. */
function sentence(message: string): string {
  if (message.endsWith('received undefined')) return 'is required';
  return message.replace(/^(Invalid input|Invalid option|Too small|Too big): /, '');
}

function join(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
