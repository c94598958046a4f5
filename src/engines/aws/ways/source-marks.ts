import * as z from 'zod';
import type { Connector } from '../../../core/connectors/connector.ts';
import { dueBy } from '../reconcile.ts';
import type { Action } from '../store/expressions.ts';
import { listedAt, listKey, listKeys, sourceKey, tableIndexes } from '../store/keys.ts';
import { allItems, type Table } from '../store/table.ts';
import { type SourceKind, sourceKinds } from './source-kind.ts';

const sourceMark = z.object({
  connectorId: z.string(),
  kind: z.enum(sourceKinds),
  /** The change of the connector that the source must match. */
  change: z.string(),
  /** Unix ms of the next try; absent once the source matches. */
  dueAt: z.number().optional(),
  tries: z.number().default(0),
  /** Unix ms of the last successful update of the source. */
  followedAt: z.number().optional(),
  lastError: z.object({ at: z.number(), message: z.string() }).optional(),
});

/** Whether a connector's source matches the last change of the connector's record. */
export type SourceMark = z.infer<typeof sourceMark>;

/** The writer of a connector updates its source immediately; the reconciler handles only updates that were cut short. */
const leftAloneMs = 60_000;

/** Longer than all calls to AWS for one source, with their retries. */
export const sourceLeaseMs = 120_000;

/** Waits between tries to update a source, in ms. */
const tryAgainMs = [60_000, 120_000, 300_000, 900_000];

/**
 * Marks a connector's source for an update, in the same write that changes the connector, so that no failure after that
 * write loses the update.
 *
 * @param connector as it will be; `null` if it is deleted
 */
export function markChange(
  connectorId: string,
  connector: Connector | null,
  kind: SourceKind,
  now: number,
): Action {
  return {
    update: sourceKey(connectorId),
    change: {
      set: {
        connectorId,
        kind,
        change: connector === null ? 'deleted' : String(connector.version),
        stateKey: listKey('SOURCE', connectorId),
        listed: listedAt(now, connectorId),
        dueAt: now + leftAloneMs,
        tries: 0,
      },
    },
  };
}

/** Claims a mark for the caller, who then updates the source; `null` if there is none, or another caller has claimed it. */
export async function claimMark(
  table: Table,
  connectorId: string,
  owner: string,
  now: number,
): Promise<SourceMark | null> {
  const item = await table.update(
    sourceKey(connectorId),
    { set: { owner, leaseUntil: now + sourceLeaseMs } },
    {
      expression: 'attribute_exists(#change) AND (attribute_not_exists(#leaseUntil) OR #leaseUntil <= :now)',
      values: { ':now': now },
    },
  );
  return item === null ? null : sourceMark.parse(item);
}

/** Records that the source matches `mark`. `false` if the connector has changed in the meantime. */
export async function settleMark(
  table: Table,
  { connectorId, change }: SourceMark,
  owner: string,
  now: number,
): Promise<boolean> {
  const settled = await table.update(
    sourceKey(connectorId),
    {
      set: { followedAt: now, tries: 0 },
      remove: ['stateKey', 'dueAt', 'owner', 'leaseUntil', 'lastError'],
    },
    {
      expression: '#owner = :owner AND #change = :change',
      values: { ':owner': owner, ':change': change },
    },
  );
  return settled !== null;
}

/** Records why the update failed, and schedules the next try. */
export async function postponeMark(
  table: Table,
  { connectorId, tries }: SourceMark,
  owner: string,
  now: number,
  message: string,
): Promise<void> {
  const dueAt = now + (tryAgainMs[tries] ?? tryAgainMs.at(-1) ?? 0);
  await table.update(
    sourceKey(connectorId),
    { set: { dueAt, tries: tries + 1, lastError: { at: now, message } }, remove: ['owner', 'leaseUntil'] },
    { expression: '#owner = :owner', values: { ':owner': owner } },
  );
}

/** Removes the mark of a deleted connector. */
export async function removeMark(table: Table, connectorId: string): Promise<void> {
  await table.delete(sourceKey(connectorId));
}

export async function readMark(table: Table, connectorId: string): Promise<SourceMark | null> {
  const item = await table.get(sourceKey(connectorId));
  return item === null ? null : sourceMark.parse(item);
}

/** Ids of the connectors whose source is due for an update at `now` (Unix ms), at most `limit`. */
export async function dueMarks(table: Table, now: number, limit: number): Promise<string[]> {
  const due: string[] = [];
  for (const partition of listKeys('SOURCE')) {
    const query = { index: tableIndexes.byState, partition, filter: dueBy(now) };
    for await (const item of allItems(table, query)) {
      if (due.length === limit) return due;
      due.push(z.object({ connectorId: z.string() }).parse(item).connectorId);
    }
  }
  return due;
}
