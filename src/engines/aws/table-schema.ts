/**
 * The one table as data: what the stack creates, what the tests create and what the adapters read is this.
 *
 * Every item has `pk` and `sk` (see `keys.ts`). Lists are index queries: an item appears in a list by having that
 * index's key, always ordered by `listed`. The index keys are spread over shards so that no partition takes more than
 * its 1,000 write units a second.
 */
export const tableKey = { partition: 'pk', sort: 'sk' } as const;

/** Unix seconds after which DynamoDB removes the item. */
export const expiryAttribute = 'expiresAt';

export interface TableIndex {
  readonly name: string;
  readonly partition: string;
  readonly sort: { readonly name: string; readonly type: 'S' | 'N' };
  /** What the index holds besides the keys. Fields that never change cost nothing to keep there. */
  readonly includes: readonly string[];
}

const filterFields = ['agentName', 'connectorId'] as const;
const sortByListed = { name: 'listed', type: 'S' } as const;

export const tableIndexes = {
  /** Everything of one kind, and what statistics need of runs. */
  byTime: {
    name: 'by-time',
    partition: 'timeKey',
    sort: sortByListed,
    includes: [...filterFields, 'model', 'status', 'startedAt', 'endedAt', 'tokenUsage', 'costUsd'],
  },
  /** Runs of an agent. */
  byAgent: { name: 'by-agent', partition: 'agentKey', sort: sortByListed, includes: filterFields },
  /** Runs and deliveries of a connector; audit entries of a subject. */
  byConnector: {
    name: 'by-connector',
    partition: 'connectorKey',
    sort: sortByListed,
    includes: filterFields,
  },
  /** Runs and deliveries in a status. */
  byStatus: { name: 'by-status', partition: 'statusKey', sort: sortByListed, includes: filterFields },
  /** What the reconciler looks at again from `dueAt` (Unix ms) on. Sparse: nothing that has come to its end is in it. */
  byDue: {
    name: 'by-due',
    partition: 'dueKey',
    sort: { name: 'dueAt', type: 'N' },
    includes: [...filterFields, 'status', 'announcements'],
  },
} as const satisfies Record<string, TableIndex>;
