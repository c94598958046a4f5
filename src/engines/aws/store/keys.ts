import { hash } from 'node:crypto';

/** Primary key of an item. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Kinds of listed items. Each kind has its own partitions in every index. */
export type ListedKind =
  | 'RUN'
  | 'OPEN-RUN'
  | 'SCHEDULED-RUN'
  | 'OPEN-DELIVERY'
  | 'DELIVERY'
  | 'CONNECTOR'
  | 'CONNECTOR-EVENT'
  | 'CONNECTION'
  | 'PENDING-CONNECTION'
  | 'SOURCE'
  | 'AUDIT'
  | 'DEAD-LETTER'
  | 'REFUSED'
  | 'FILTERED'
  | 'API-KEY';

/**
 * Number of partitions that a kind is spread over in each index; a list queries all of them in parallel. A partition
 * takes 1,000 writes a second. An open run writes to its partition four times, so 7 partitions carry 1,750 runs a
 * second, about what a table's default of 40,000 write units allows. An open delivery writes twice. The reconciler
 * queries the open partitions every minute, so their number is small.
 */
const shardCounts: Readonly<Record<ListedKind, number>> = {
  RUN: 16,
  'OPEN-RUN': 7,
  'SCHEDULED-RUN': 2,
  DELIVERY: 16,
  'OPEN-DELIVERY': 2,
  CONNECTOR: 1,
  'CONNECTOR-EVENT': 1,
  CONNECTION: 1,
  'PENDING-CONNECTION': 1,
  SOURCE: 1,
  AUDIT: 1,
  'DEAD-LETTER': 1,
  REFUSED: 1,
  FILTERED: 16,
  'API-KEY': 1,
};

export const runKey = (runId: string): ItemKey => ({ pk: `RUN#${runId}`, sk: 'RUN' });
/** When a scheduled run is due; removed when the run enters the queue. */
export const runScheduleKey = (runId: string): ItemKey => ({ pk: `RUN#${runId}`, sk: 'SCHEDULE' });
export const attemptKey = (runId: string, name: string): ItemKey => ({
  pk: `RUN#${runId}`,
  sk: `ATTEMPT#${name}`,
});
export const triggerKey = (triggerId: string): ItemKey => ({ pk: `TRIGGER#${triggerId}`, sk: 'TRIGGER' });
export const connectorKey = (id: string): ItemKey => ({ pk: `CONNECTOR#${id}`, sk: 'CONNECTOR' });
/** Reserves the name of a connector. A name may have any length and content, so the key contains its hash. */
export const connectorNameKey = (name: string): ItemKey => ({
  pk: `CONNECTOR-NAME#${sha256(name)}`,
  sk: 'CONNECTOR-NAME',
});
/** Changes of many connectors that are being made. */
export const connectorChangesKey: ItemKey = { pk: 'CONNECTOR-CHANGES', sk: 'CONNECTOR-CHANGES' };
export const secretsKey = (connectorId: string): ItemKey => ({
  pk: `CONNECTOR#${connectorId}`,
  sk: 'SECRETS',
});
export const connectionKey = (id: string): ItemKey => ({ pk: `CONNECTION#${id}`, sk: 'CONNECTION' });
/** The name of a connection, which finds it. A name may have any content, so the key contains its hash. */
export const connectionNameKey = (name: string): ItemKey => ({
  pk: `CONNECTION-NAME#${sha256(name)}`,
  sk: 'CONNECTION-NAME',
});
export const sourceKey = (connectorId: string): ItemKey => ({ pk: `SOURCE#${connectorId}`, sk: 'SOURCE' });
/** The key that signs chains of runs. */
export const chainKeyKey: ItemKey = { pk: 'CHAIN-KEY', sk: 'CHAIN-KEY' };
/** Whether streams may be created, and who is creating one now. */
export const streamsKey: ItemKey = { pk: 'STREAMS', sk: 'STREAMS' };
/** The deployment that the connectors' sources were created for. */
export const sourcesHomeKey: ItemKey = { pk: 'SOURCES-HOME', sk: 'SOURCES-HOME' };
export const deliveryKey = (id: string): ItemKey => ({ pk: `DELIVERY#${id}`, sk: 'DELIVERY' });
export const auditKey = (entryId: string): ItemKey => ({ pk: `AUDIT#${entryId}`, sk: 'AUDIT' });
export const connectorEventKey = (id: string): ItemKey => ({
  pk: `CONNECTOR-EVENT#${id}`,
  sk: 'CONNECTOR-EVENT',
});
export const apiKeyKey = (keyId: string): ItemKey => ({ pk: `API-KEY#${keyId}`, sk: 'API-KEY' });
/** Reserves the name of a key, so that no second key gets it. */
export const apiKeyNameKey = (name: string): ItemKey => ({
  pk: `API-KEY-NAME#${name}`,
  sk: 'API-KEY-NAME',
});
export const deadLetterKey = (id: string): ItemKey => ({ pk: `DEAD-LETTER#${id}`, sk: 'DEAD-LETTER' });

export const refusedRequestKey = (id: string): ItemKey => ({ pk: `REFUSED#${id}`, sk: 'REFUSED' });

/** The list of all budgets. */
export const budgetsKey: ItemKey = { pk: 'BUDGETS', sk: 'BUDGETS' };
/** The partition of a budget's counters. */
export const budgetPartition = (budgetId: string): string => `BUDGET#${budgetId}`;

/**
 * A counter of a budget, for one period and key. A key may have any length and content, so the sort key contains its
 * hash.
 *
 * @param from when the period began, Unix ms
 */
export function budgetCounterKey(budgetId: string, from: number, key: string): ItemKey {
  return { pk: budgetPartition(budgetId), sk: `COUNTER#${timeBound(from)}#${key === '' ? '' : sha256(key)}` };
}

/** Bounds of the counters whose periods began in this time (Unix ms), both inclusive. */
export function budgetCounterBounds(from: number, to: number): readonly [string, string] {
  return [`COUNTER#${timeBound(Math.max(0, from))}#`, `COUNTER#${timeBound(to)}#~`];
}

/** A slot's name may contain a payload value of any length and content, so the key contains its hash. */
export function slotKey(slot: string): ItemKey {
  return { pk: `SLOT#${sha256(slot)}`, sk: 'SLOT' };
}

/** All holds: one query reads them. */
export const holdsPartition = 'HOLDS';

/** A hold's key may contain a payload value of any length and content, so the sort key contains its hash. */
export function holdKey(key: string): ItemKey {
  return { pk: holdsPartition, sk: sha256(key) };
}

/**
 * A run that waits for a place in a slot, behind those queued before it.
 *
 * @param listed the run's place in lists
 */
export function waitingKey(slot: string, listed: string): ItemKey {
  return { pk: slotKey(slot).pk, sk: `${waitingPrefix}${listed}` };
}

/** Prefix of the sort keys of a slot's waiting runs. */
export const waitingPrefix = 'WAITING#';

/** A sender's repeat key may have any length and content, so the key contains its hash. */
export function idempotencyKey(connectorId: string | null, key: string): ItemKey {
  return { pk: `REPEAT#${connectorId ?? ''}#${sha256(key)}`, sk: 'REPEAT' };
}

/** Session keys come from payloads and may have any length and content, so the key contains their hash. */
export function sessionKey(agentName: string, key: string): ItemKey {
  return { pk: `SESSION#${agentName}#${sha256(key)}`, sk: 'SESSION' };
}

/** @param gatewayId API Gateway's name of a connection */
export const socketKey = (gatewayId: string): ItemKey => ({ pk: `SOCKET#${gatewayId}`, sk: 'SOCKET' });

/** The partition of an agent's links. */
export const agentPartition = (agentName: string): string => `AGENT#${agentName}`;

/** The link of a connector to an agent, seen from the agent. Links sort by the connector's creation. */
export function linkKey(agentName: string, connector: { id: string; createdAt: number }): ItemKey {
  return { pk: agentPartition(agentName), sk: `LINK#${listedAt(connector.createdAt, connector.id)}` };
}

/** Orders lists: by time (Unix ms), then by id. */
export function listedAt(timeMs: number, id: string): string {
  return `${timeBound(timeMs)}#${id}`;
}

/** Less than the place of every item listed at or after `timeMs`, greater than that of every item before. */
export function timeBound(timeMs: number): string {
  return Math.trunc(timeMs).toString().padStart(15, '0');
}

/** The id in a place of a list. */
export function idOf(listed: string): string {
  return listed.slice(listed.indexOf('#') + 1);
}

/** The time (Unix ms) in a place of a list. */
export function timeOf(listed: string): number {
  return Number(listed.slice(0, listed.indexOf('#')));
}

/** The partition of an index that contains an item: by kind, by the list's subject, and by the id's shard. */
export function listKey(kind: ListedKind, id: string, of?: string): string {
  return partitionName(kind, of, shardOf(id, shardCounts[kind]));
}

/** All partitions of an index that make up one list. */
export function listKeys(kind: ListedKind, of?: string): string[] {
  return Array.from({ length: shardCounts[kind] }, (_, shard) => partitionName(kind, of, shard));
}

function partitionName(kind: ListedKind, of: string | undefined, shard: number): string {
  return of === undefined ? `${kind}#${shard}` : `${kind}#${of}#${shard}`;
}

/** Ids end in random hex digits, so their last four spread evenly. */
function shardOf(id: string, count: number): number {
  return Number.parseInt(id.slice(-4), 16) % count;
}

export function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}

/**
 * The one table as data: the stack, the tests, and the adapters use this definition. Every item has `pk` and `sk` (see
 * `keys.ts`). Lists are index queries: an item with an index's key appears in its lists, ordered by `listed`. Index
 * keys are spread over shards so that no partition exceeds its 1,000 write units a second.
 */
export const tableKey = { partition: 'pk', sort: 'sk' } as const;

/** Unix seconds after which DynamoDB removes the item. */
export const expiryAttribute = 'expiresAt';

export interface TableIndex {
  readonly name: string;
  readonly partition: string;
  /** Always a string. */
  readonly sort: string;
  /** What the index contains besides the keys. A field that never changes costs nothing after the first write. */
  readonly includes: readonly string[];
}

const filterFields = ['agentName', 'connectorId'] as const;
const sort = 'listed';

export const tableIndexes = {
  /** Everything of one kind, and what statistics need of a run: `counted` is written once, at its end. */
  byTime: { name: 'by-time', partition: 'timeKey', sort, includes: [...filterFields, 'counted'] },
  /** Runs of an agent. */
  byAgent: { name: 'by-agent', partition: 'agentKey', sort, includes: filterFields },
  /** Runs and deliveries of a connector; audit entries of a subject. */
  byConnector: { name: 'by-connector', partition: 'connectorKey', sort, includes: filterFields },
  /**
   * Unfinished and unsuccessful items: open runs, deliveries, and sources with the time (`dueAt`, Unix ms) at which the
   * reconciler looks at them again, and failed or cancelled ones by status. Sparse: completed runs and delivered
   * deliveries are not in it.
   */
  byState: {
    name: 'by-state',
    partition: 'stateKey',
    sort,
    includes: [...filterFields, 'status', 'dueAt', 'announcements'],
  },
} as const satisfies Record<string, TableIndex>;
