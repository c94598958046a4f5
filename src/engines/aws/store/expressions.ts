/** An update of an item, as data. `undefined` values in `set` are ignored. */
export interface ItemChange {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  /** Adds to sets, and to numbers. */
  readonly add?: Readonly<Record<string, unknown>>;
  /** Removes from sets. */
  readonly take?: Readonly<Record<string, unknown>>;
}

/** A DynamoDB condition: each `#name` stands for the attribute of that name, and `values` contains each `:value`. */
export interface Condition {
  readonly expression: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The name and value maps for expressions. DynamoDB rejects empty maps and unused entries. */
export function placeholders(
  expressions: readonly (string | undefined)[],
  values: Readonly<Record<string, unknown>>,
): {
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
} {
  const names = expressions.flatMap((expression) => expression?.match(/#\w+/g) ?? []);
  return {
    ...(names.length === 0
      ? {}
      : { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])) }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: { ...values } }),
  };
}

/** The update expression of a change, and its values by placeholder. */
export function updateExpression(change: ItemChange): {
  readonly expression: string;
  readonly values: Record<string, unknown>;
} {
  const values: Record<string, unknown> = {};
  const clause = (keyword: string, fields: Readonly<Record<string, unknown>> = {}, join: string) => {
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    for (const [name, value] of given) values[`:${name}_`] = value;
    if (given.length === 0) return [];
    return [`${keyword} ${given.map(([name]) => `#${name}${join}:${name}_`).join(', ')}`];
  };
  const removed = change.remove ?? [];
  const expression = [
    ...clause('SET', change.set, ' = '),
    ...(removed.length === 0 ? [] : [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`]),
    ...clause('ADD', change.add, ' '),
    ...clause('DELETE', change.take, ' '),
  ].join(' ');
  return { expression, values };
}

/** A filter that keeps items whose fields have the given values. */
export function filterOn(fields: Readonly<Record<string, unknown>>): { readonly filter?: Condition } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (given.length === 0) return {};
  return {
    filter: {
      expression: given.map(([name]) => `#${name} = :${name}`).join(' AND '),
      values: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
    },
  };
}

/** A condition that an attribute (`#status`, `#counted.#status`) has one of several values. */
export function oneOf(attribute: string, values: readonly string[]): Condition {
  const names = values.map((_, index) => `:one${index}`);
  return {
    expression: `${attribute} IN (${names.join(', ')})`,
    values: Object.fromEntries(values.map((value, index) => [`:one${index}`, value])),
  };
}

/** Both conditions combined. */
export function both(one: Condition | undefined, other: Condition): Condition {
  if (one === undefined) return other;
  return {
    expression: `${one.expression} AND ${other.expression}`,
    values: { ...one.values, ...other.values },
  };
}
