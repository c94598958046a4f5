import { messageOf } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json/json-value.ts';

/**
 * Explains why a condition is not a single SQL expression, according to PostgreSQL's own parser; `null` if it is one.
 * The condition must parse as the only column of a SELECT, and in parentheses. So no part of it can reach beyond the
 * parentheses.
 *
 * @returns a sentence
 */
export async function whereProblem(where: string): Promise<string | null> {
  // The first condition loads PostgreSQL's parser, which is WebAssembly.
  const { parse } = await import('libpg-query');
  try {
    const alone: unknown = await parse(`SELECT\n${where}\n`);
    await parse(`SELECT 1 WHERE (${where}\n)`);
    if (!isOneExpression(alone)) return 'must be one SQL expression, without other clauses.';
    // Parameters are reserved for the product's own query.
    return has(alone, 'ParamRef') ? 'must not contain parameters such as $1.' : null;
  } catch (thrown) {
    return `must be one SQL expression: ${messageOf(thrown).replaceAll(/\s+/g, ' ')}.`;
  }
}

/** What the parser reports for every SELECT. */
const plainParts = new Set(['targetList', 'limitOption', 'op']);

function isOneExpression(parsed: unknown): boolean {
  const statements = at(parsed, 'stmts');
  if (!Array.isArray(statements) || statements.length !== 1) return false;
  const select = at(at(statements[0], 'stmt'), 'SelectStmt');
  const targets = at(select, 'targetList');
  if (!isJsonObject(select) || !Array.isArray(targets) || targets.length !== 1) return false;
  const target = at(targets[0], 'ResTarget');
  const isPlain = Object.keys(select).every((part) => plainParts.has(part)) && select['op'] === 'SETOP_NONE';
  return isPlain && at(target, 'name') === undefined && !has(target, 'A_Star');
}

function at(value: unknown, key: string): unknown {
  return isJsonObject(value) ? value[key] : undefined;
}

/** Whether the tree contains a node of this kind. `count(*)` contains none. */
function has(value: unknown, kind: string): boolean {
  if (Array.isArray(value)) return value.some((one) => has(one, kind));
  return isJsonObject(value) && Object.entries(value).some(([key, one]) => key === kind || has(one, kind));
}
