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
  /** Always a text. */
  readonly sort: string;
  /** What the index holds besides the keys. A field that never changes costs nothing to keep there after the first write. */
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
   * What is going on, and what did not end well: open runs, deliveries and sources together with the time (`dueAt`, Unix ms)
   * from which the reconciler looks at them again, and failed or cancelled ones by their status. Sparse: a completed run and
   * a delivered delivery have left it.
   */
  byState: {
    name: 'by-state',
    partition: 'stateKey',
    sort,
    includes: [...filterFields, 'status', 'dueAt', 'announcements'],
  },
} as const satisfies Record<string, TableIndex>;
