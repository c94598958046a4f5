import { describe, expect, test } from '@jest/globals';
import { whereProblem } from './where-clause.ts';

describe('a condition', () => {
  test.each([
    "status = 'paid'",
    "data->>'kind' = 'x' AND \"Created At\" > now() - interval '1 day'",
    'a IS DISTINCT FROM b -- a comment',
    "name ILIKE '%a''b%' OR x = ANY(ARRAY[1, 2])",
    "note = $$it's; DROP TABLE x$$",
    'id IN (SELECT order_id FROM paid)',
    'CASE WHEN a THEN b ELSE c END',
    'count > 1 AND /* nested ( */ NOT deleted',
  ])('may be: %s', async (where) => {
    expect(await whereProblem(where)).toBeNull();
  });

  test.each([
    'true; DROP TABLE orders',
    'true) OR (true',
    'true) UNION SELECT (1',
    'true ORDER BY id',
    'true LIMIT 1',
    'a, b',
    'a AS b',
    'a b',
    '*',
    'DISTINCT a',
    '1 INTO t',
    'true FROM secrets',
    'id > $1',
    "status = 'open",
    'true /*',
    '-- nothing',
    '',
  ])('is refused: %s', async (where) => {
    expect(await whereProblem(where)).toMatch(/^must .*\.$/);
  });
});
