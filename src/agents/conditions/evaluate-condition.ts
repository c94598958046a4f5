import { isDeepStrictEqual } from 'node:util';
import { isJsonObject } from '../../core/json/json-value.ts';
import type { Comparison, ComparisonOperator, Condition } from './condition.ts';

/** What a condition can read: the run's context and its payload, own properties only. */
export interface ConditionScope {
  readonly context: unknown;
  readonly input: unknown;
}

/**
 * Whether a condition holds. Absent values read as `None`; empty texts, lists and objects, `0`, `False` and `None`
 * count as false. An error (a text compared with a number, `in` on a value that contains nothing) makes the whole
 * condition false (agents.md).
 */
export function evaluateCondition(condition: Condition, scope: ConditionScope): boolean {
  try {
    return isTruthy(evaluate(condition, scope));
  } catch (thrown) {
    if (thrown instanceof ConditionError) return false;
    throw thrown;
  }
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
      return isDeepStrictEqual(left, right);
    case '!=':
      return !isDeepStrictEqual(left, right);
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
  throw new ConditionError('Only two numbers or two texts have an order.');
}

function holds(container: unknown, element: unknown): boolean {
  if (Array.isArray(container)) return container.some((item) => isDeepStrictEqual(item, element));
  if (typeof element === 'string') {
    if (typeof container === 'string') return container.includes(element);
    if (isJsonObject(container)) return Object.hasOwn(container, element);
  }
  throw new ConditionError('Only a list, a text or an object holds something.');
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
