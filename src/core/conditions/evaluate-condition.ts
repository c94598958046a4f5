import { isJsonObject } from '../json/json-value.ts';
import { isSameJson } from '../json/same-json.ts';
import type { Comparison, ComparisonOperator, Condition } from './condition.ts';

/** What a condition can read, by root; own properties only. */
export type ConditionScope = Readonly<Record<string, unknown>>;

export type Judgement =
  | { readonly outcome: 'holds' | 'fails' }
  /** The condition cannot be evaluated for these values. One sentence. */
  | { readonly outcome: 'error'; readonly message: string };

/**
 * Whether a condition holds. Absent values read as `None`; empty texts, lists and objects, `0`, `False` and `None`
 * count as false. A text compared with a number, and `in` on a value that contains nothing, are errors.
 */
export function judgeCondition(condition: Condition, scope: ConditionScope): Judgement {
  try {
    return { outcome: isTruthy(evaluate(condition, scope)) ? 'holds' : 'fails' };
  } catch (thrown) {
    if (thrown instanceof ConditionError) return { outcome: 'error', message: thrown.message };
    throw thrown;
  }
}

/** Whether a condition holds; one with an error does not. See `judgeCondition`. */
export function evaluateCondition(condition: Condition, scope: ConditionScope): boolean {
  return judgeCondition(condition, scope).outcome === 'holds';
}

class ConditionError extends Error {}

function evaluate(condition: Condition, scope: ConditionScope): unknown {
  switch (condition.kind) {
    case 'literal':
      return condition.value;
    case 'list':
      return condition.items.map((item) => evaluate(item, scope));
    case 'path':
      return condition.keys.reduce<unknown>(childOf, scope[condition.root]);
    case 'not':
      return !isTruthy(evaluate(condition.operand, scope));
    case 'and':
      return condition.operands.every((operand) => isTruthy(evaluate(operand, scope)));
    case 'or':
      return condition.operands.some((operand) => isTruthy(evaluate(operand, scope)));
    case 'comparison':
      return chainHolds(condition.first, condition.rest, scope);
  }
}

function chainHolds(first: Condition, rest: readonly Comparison[], scope: ConditionScope): boolean {
  let left = evaluate(first, scope);
  for (const { operator, operand } of rest) {
    const right = evaluate(operand, scope);
    if (!compare(operator, left, right)) return false;
    left = right;
  }
  return true;
}

function compare(operator: ComparisonOperator, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return isSameJson(left, right);
    case '!=':
      return !isSameJson(left, right);
    case 'in':
      return holds(right, left);
    case 'not in':
      return !holds(right, left);
    default:
      return isOrdered(operator, left, right);
  }
}

function isOrdered(operator: '<' | '<=' | '>' | '>=', left: unknown, right: unknown): boolean {
  const order = orderOf(left, right);
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function orderOf(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  throw new ConditionError('Only two numbers or two texts can be compared with <, <=, >, or >=.');
}

function holds(container: unknown, element: unknown): boolean {
  if (Array.isArray(container)) return container.some((item) => isSameJson(item, element));
  if (typeof element === 'string') {
    if (typeof container === 'string') return container.includes(element);
    if (isJsonObject(container)) return Object.hasOwn(container, element);
  }
  throw new ConditionError('Only a list, a text, or an object can contain something.');
}

function childOf(parent: unknown, key: string | number): unknown {
  if (Array.isArray(parent)) return typeof key === 'number' ? (parent[key] ?? null) : null;
  if (!isJsonObject(parent) || !Object.hasOwn(parent, key)) return null;
  return parent[key] ?? null;
}

function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isJsonObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
}
