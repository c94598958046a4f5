import type { JsonValue } from '../json/json-value.ts';

/** Longest condition, in characters . */
export const maxConditionCharacters = 2_000;

/** Deepest nesting of parentheses, lists and `not`; keeps parsing and evaluation far from a stack overflow. */
export const maxConditionDepth = 50;

export const comparisonOperators = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'] as const;
export type ComparisonOperator = (typeof comparisonOperators)[number];

/** A parsed condition: the result of `parseCondition`, and the input of `evaluateCondition`. Plain data. */
export type Condition =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'list'; readonly items: readonly Condition[] }
  | { readonly kind: 'path'; readonly root: string; readonly keys: readonly (string | number)[] }
  | { readonly kind: 'not'; readonly operand: Condition }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Condition[] }
  /** `a < b <= c` holds if `a < b` and `b <= c` hold, as in Python. */
  | { readonly kind: 'comparison'; readonly first: Condition; readonly rest: readonly Comparison[] };

export interface Comparison {
  readonly operator: ComparisonOperator;
  readonly operand: Condition;
}
