import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { messageOf, PermanentError, RetryableError } from '../../../core/errors.ts';
import { callAws, isAwsError, platformError } from './aws-errors.ts';
import {
  type Action,
  type Condition,
  type ItemChange,
  placeholders,
  type Transacted,
  transact,
  updateExpression,
} from './expressions.ts';
import type { ItemKey, TableIndex } from './keys.ts';

/** A stored item; its reader parses it with zod. */
export type Item = Readonly<Record<string, unknown>>;

export interface PartitionQuery {
  /** Absent for the table itself. */
  readonly index?: TableIndex;
  readonly partition: string;
  /** Bounds of the sort key, both inclusive. */
  readonly between?: readonly [string, string];
  readonly newestFirst?: boolean;
  /** Items to read, before the filter. */
  readonly limit?: number;
  readonly filter?: Condition;
  readonly after?: Item;
}

export interface QueryAnswer {
  readonly items: readonly Item[];
  /** The last item read, to continue after; `null` at the end of the range. */
  readonly last: Item | null;
}

/**
 * The table. Every method throws `RetryableError` when DynamoDB is unavailable or throttles; a query throws
 * `PermanentError` `index-missing` if the table lacks the index.
 */
export interface Table {
  /** A strongly consistent read. */
  get(key: ItemKey): Promise<Item | null>;
  /** In any order; items that do not exist are omitted. Each key must be unique. */
  getMany(keys: readonly ItemKey[], attributes?: readonly string[]): Promise<readonly Item[]>;
  /** `false` if the condition does not hold: nothing was written. */
  put(item: Item & ItemKey, condition?: Condition): Promise<boolean>;
  /** The item after the change; `null` if the condition does not hold: nothing was written. */
  update(key: ItemKey, change: ItemChange, condition?: Condition): Promise<Item | null>;
  /** The deleted item, or `null` if there was none. */
  delete(key: ItemKey): Promise<Item | null>;
  query(query: PartitionQuery): Promise<QueryAnswer>;
  /** All actions or none. */
  transact(actions: readonly Action[]): Promise<Transacted>;
}

/** DynamoDB's limit for one BatchGetItem. */
const batchGetLimit = 100;
const batchGetRounds = 10;
const batchGetPauseMs = 20;

export function openTable(client: DynamoDBDocumentClient, tableName: string): Table {
  const TableName = tableName;
  return {
    async get(key) {
      const answer = await callAws(
        client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true })),
      );
      return answer.Item ?? null;
    },
    async getMany(keys, attributes) {
      const batches: Promise<Item[]>[] = [];
      for (let start = 0; start < keys.length; start += batchGetLimit) {
        batches.push(getBatch(client, tableName, keys.slice(start, start + batchGetLimit), attributes));
      }
      return (await Promise.all(batches)).flat();
    },
    async put(item, condition) {
      const { expression, values = {} } = condition ?? {};
      const command = new PutCommand({
        TableName,
        Item: item,
        ...(expression === undefined ? {} : { ConditionExpression: expression }),
        ...placeholders([expression], values),
      });
      return (await unlessRefused(() => client.send(command))) !== null;
    },
    async update(key, change, condition) {
      const update = updateExpression(change);
      const command = new UpdateCommand({
        TableName,
        Key: key,
        UpdateExpression: update.expression,
        ...(condition === undefined ? {} : { ConditionExpression: condition.expression }),
        ...placeholders([update.expression, condition?.expression], {
          ...update.values,
          ...condition?.values,
        }),
        ReturnValues: 'ALL_NEW',
      });
      return (await unlessRefused(() => client.send(command)))?.Attributes ?? null;
    },
    async delete(key) {
      const command = new DeleteCommand({ TableName, Key: key, ReturnValues: 'ALL_OLD' });
      return (await unlessRefused(() => client.send(command)))?.Attributes ?? null;
    },
    async query(query) {
      const answer = await callAws(
        client.send(new QueryCommand(queryInput(tableName, query))).catch((thrown: unknown) => {
          throw missingIndex(thrown, tableName, query) ?? thrown;
        }),
      );
      return { items: answer.Items ?? [], last: answer.LastEvaluatedKey ?? null };
    },
    transact: (actions) => transact(client, tableName, actions),
  };
}

/** Pauses in ms, with jitter, before retrying a write that conflicted with a transaction on its item. */
const conflictPausesMs = [10, 30, 60, 120, 240];

/** The answer of a write; `null` if its condition does not hold. @throws RetryableError */
async function unlessRefused<Answer>(write: () => Promise<Answer>): Promise<Answer | null> {
  for (const pauseMs of [...conflictPausesMs, null]) {
    try {
      return await write();
    } catch (thrown) {
      if (thrown instanceof ConditionalCheckFailedException) return null;
      if (!isAwsError(thrown, 'TransactionConflictException')) throw platformError(thrown);
      if (pauseMs === null)
        throw new RetryableError('Transactions keep changing the same record.', { cause: thrown });
      await sleep(pauseMs * (0.5 + Math.random()));
    }
  }
  throw new Error('unreachable');
}

/** An adopted table that an earlier version of the product created may lack an index. */
function missingIndex(thrown: unknown, table: string, { index }: PartitionQuery): PermanentError | null {
  if (index === undefined || !isAwsError(thrown, 'ValidationException')) return null;
  if (!messageOf(thrown).includes('does not have the specified index')) return null;
  const why = `The table "${table}" has no index "${index.name}": it was made by an earlier version`;
  const remedy =
    'Deploy with a table of this version; see "The table of an earlier version" in docs/operating.md.';
  return new PermanentError('index-missing', `${why}. ${remedy}`, { cause: thrown });
}

function queryInput(tableName: string, query: PartitionQuery): QueryCommandInput {
  const { index, between, filter } = query;
  const partition = index?.partition ?? 'pk';
  const sort = index?.sort ?? 'sk';
  const range = between === undefined ? '' : ` AND #${sort} BETWEEN :from AND :to`;
  const condition = `#${partition} = :partition${range}`;
  return {
    TableName: tableName,
    KeyConditionExpression: condition,
    ScanIndexForward: query.newestFirst !== true,
    ...(index === undefined ? { ConsistentRead: true } : { IndexName: index.name }),
    ...(filter === undefined ? {} : { FilterExpression: filter.expression }),
    ...(query.limit === undefined ? {} : { Limit: query.limit }),
    ...(query.after === undefined ? {} : { ExclusiveStartKey: query.after }),
    ...placeholders([condition, filter?.expression], {
      ':partition': query.partition,
      ...(between === undefined ? {} : { ':from': between[0], ':to': between[1] }),
      ...filter?.values,
    }),
  };
}

/** DynamoDB returns at most 16 MB per call, or less when it throttles, and leaves the rest for another call. */
async function getBatch(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly ItemKey[],
  attributes: readonly string[] = [],
): Promise<Item[]> {
  const projection = attributes.map((name) => `#${name}`).join(', ');
  const projected =
    projection === '' ? {} : { ProjectionExpression: projection, ...placeholders([projection], {}) };
  const items: Item[] = [];
  let left: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (let round = 0; left.length > 0; round++) {
    if (round === batchGetRounds) throw new RetryableError('DynamoDB leaves a part of a batch unread.');
    if (round > 0) await sleep(round * batchGetPauseMs);
    const wanted = { Keys: left, ConsistentRead: true, ...projected };
    const answer = await callAws(client.send(new BatchGetCommand({ RequestItems: { [tableName]: wanted } })));
    items.push(...(answer.Responses?.[tableName] ?? []));
    left = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}

/** Every item of a partition's range; reads pages on demand. */
export async function* allItems(table: Table, query: PartitionQuery): AsyncGenerator<Item> {
  let after: Item | null = null;
  do {
    const answer = await table.query(after === null ? query : { ...query, after });
    yield* answer.items;
    after = answer.last;
  } while (after !== null);
}

/** Caches values for a short time, so that a busy process does not read the same record for every request. */
export interface ExpiringCache<Value> {
  get(key: string, now: number): Value | null;
  set(key: string, value: Value, now: number): void;
  forget(key: string): void;
}

/** More than a process ever serves within the lifetime. At this size, the cache starts over. */
const maxEntries = 10_000;

/** @param lifeMs maximum age of a value; 0 disables the cache */
export function expiringCache<Value>(lifeMs: number): ExpiringCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly at: number }>();
  return {
    get(key, now) {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      // A value from the future was set before the clock was set back, so its age is unknown.
      const ageMs = now - entry.at;
      return ageMs >= 0 && ageMs < lifeMs ? entry.value : null;
    },
    set(key, value, now) {
      if (entries.size >= maxEntries) entries.clear();
      entries.set(key, { value, at: now });
    },
    forget(key) {
      entries.delete(key);
    },
  };
}
