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
