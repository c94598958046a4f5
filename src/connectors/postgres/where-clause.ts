import { messageOf } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json/json-value.ts';

/**
 * Why a condition is no single SQL expression, as PostgreSQL's own parser reads it; `null` where it is one. Read for itself it
 * has to be the only column of a SELECT with nothing else, and it has to be valid in parentheses: so no part of it can
 * reach beyond them.
 *
 * @returns a sentence
 */
export async function whereProblem(where: string): Promise<string | null> {
  // PostgreSQL's parser as WebAssembly is loaded with the first condition that is checked.
  const { parse } = await import('libpg-query');
  try {
    const alone: unknown = await parse(`SELECT\n${where}\n`);
    await parse(`SELECT 1 WHERE (${where}\n)`);
    if (!isOneExpression(alone)) return 'must be one SQL expression, without other clauses.';
    // The product's own query has parameters.
    return has(alone, 'ParamRef') ? 'must not contain parameters such as $1.' : null;
  } catch (thrown) {
    return `must be one SQL expression: ${messageOf(thrown).replaceAll(/\s+/g, ' ')}.`;
  }
}

/** What the parser says of every SELECT. */
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

/** Whether a node of this kind is anywhere in it; `count(*)` has none. */
function has(value: unknown, kind: string): boolean {
  if (Array.isArray(value)) return value.some((one) => has(one, kind));
  return isJsonObject(value) && Object.entries(value).some(([key, one]) => key === kind || has(one, kind));
}
