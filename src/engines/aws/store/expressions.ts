import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { RetryableError } from '../../../core/errors.ts';
import { platformError } from './aws-errors.ts';
import type { ItemKey } from './keys.ts';

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

/** One write of a transaction. A condition that does not hold cancels all writes. */
export type Action =
  | { readonly put: Readonly<Record<string, unknown>> & ItemKey; readonly condition?: Condition }
  | { readonly update: ItemKey; readonly change: ItemChange; readonly condition?: Condition }
  | { readonly delete: ItemKey; readonly condition?: Condition };

export type Transacted =
  | { readonly outcome: 'written' }
  /** The condition of the `at`-th action (from 0) did not hold; nothing was written. */
  | { readonly outcome: 'refused'; readonly at: number };

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/**
 * Pauses in ms, with jitter, after transactions on the same item cancelled each other: about half a second in total.
 */
const conflictPausesMs = [10, 30, 60, 120, 240];

/**
 * Writes all actions or none, and retries conflicts with other transactions for a short time.
 *
 * @throws RetryableError when DynamoDB is unavailable or throttles, or the conflicts continue
 */
export async function transact(
  client: DynamoDBDocumentClient,
  tableName: string,
  actions: readonly Action[],
): Promise<Transacted> {
  const items = actions.map((action) => transactItem(tableName, action));
  for (const pauseMs of [...conflictPausesMs, null]) {
    const attempted = await attempt(client, items);
    if (attempted.outcome !== 'conflict') return attempted;
    if (pauseMs !== null) await sleep(pauseMs * (0.5 + Math.random()));
  }
  throw new RetryableError('Other writes keep changing the same records.');
}

async function attempt(
  client: DynamoDBDocumentClient,
  items: TransactItem[],
): Promise<Transacted | { readonly outcome: 'conflict' }> {
  try {
    // The token makes the SDK's retries safe: a transaction whose answer was lost is not written twice.
    await client.send(new TransactWriteCommand({ TransactItems: items, ClientRequestToken: randomUUID() }));
    return { outcome: 'written' };
  } catch (thrown) {
    if (!(thrown instanceof TransactionCanceledException)) throw platformError(thrown);
    return cancelled(thrown);
  }
}

function cancelled(thrown: TransactionCanceledException): Transacted | { readonly outcome: 'conflict' } {
  const codes = (thrown.CancellationReasons ?? []).map((reason) => reason.Code);
  const refusedAt = codes.indexOf('ConditionalCheckFailed');
  if (refusedAt >= 0) return { outcome: 'refused', at: refusedAt };
  if (codes.includes('TransactionConflict')) return { outcome: 'conflict' };
  if (codes.includes('ValidationError')) throw thrown;
  throw new RetryableError(`DynamoDB cancelled a transaction: ${codes.join(', ')}`, { cause: thrown });
}

function transactItem(TableName: string, action: Action): TransactItem {
  const { expression, values = {} } = action.condition ?? {};
  const guarded = expression === undefined ? {} : { ConditionExpression: expression };
  if ('delete' in action) {
    return {
      Delete: { TableName, Key: action.delete, ...guarded, ...placeholders([expression], values) },
    };
  }
  if ('put' in action) {
    return { Put: { TableName, Item: action.put, ...guarded, ...placeholders([expression], values) } };
  }
  const update = updateExpression(action.change);
  return {
    Update: {
      TableName,
      Key: action.update,
      UpdateExpression: update.expression,
      ...guarded,
      ...placeholders([update.expression, expression], { ...update.values, ...values }),
    },
  };
}
