import * as z from 'zod';
import type { JsonValue } from '../../../../core/json/json-value.ts';
import { type PollHealth, pollHealth } from '../../../../core/polls/poll-once.ts';
import type { CursorMove } from '../../../../core/ports/run-store.ts';
import type { Action } from '../../store/expressions.ts';
import { sourceKey } from '../../store/keys.ts';
import { jsonText } from '../../store/payload-objects.ts';
import type { Table } from '../../store/table.ts';

/** Longer than a call of the polling function can take: once the lease has expired, no earlier poll is in progress. */
const pollLeaseMs = 45_000;

const storedPoll = z.object({
  /** JSON; absent before the first poll. */
  cursor: jsonText.optional(),
  pollHealth: pollHealth.optional(),
  /** Unix ms before which a failing source is not polled, and the connector's version that it failed for. */
  pollFrom: z.number().optional(),
  pollVersion: z.number().optional(),
});

/** The poll state of a connector: part of its source's record. */
export interface StoredPoll {
  readonly cursor: JsonValue;
  /** `null` before the first poll. */
  readonly health: PollHealth | null;
  /** Unix ms before which a failing source is not polled, unless its connector has changed since. */
  readonly from: number;
  readonly version: number | null;
}

/** Claims a source for polling; `null` if another caller polls it, or its connector is gone. */
export async function claimPoll(
  table: Table,
  connectorId: string,
  owner: string,
  now: number,
): Promise<StoredPoll | null> {
  const item = await table.update(
    sourceKey(connectorId),
    { set: { pollOwner: owner, pollUntil: now + pollLeaseMs } },
    {
      expression: 'attribute_exists(#change) AND (attribute_not_exists(#pollUntil) OR #pollUntil <= :now)',
      values: { ':now': now },
    },
  );
  return item === null ? null : readPoll(item);
}

/**
 * Releases a source.
 *
 * @param polled outcome of its last poll; `null` if there was none
 * @param version of the connector that was polled
 */
export async function releasePoll(
  table: Table,
  connectorId: string,
  owner: string,
  polled: { readonly health: PollHealth; readonly nextAt: number } | null,
  version: number,
): Promise<void> {
  const set =
    polled === null ? {} : { pollHealth: polled.health, pollFrom: polled.nextAt, pollVersion: version };
  await table.update(
    sourceKey(connectorId),
    { set, remove: ['pollOwner', 'pollUntil'] },
    { expression: '#pollOwner = :owner', values: { ':owner': owner } },
  );
}

/** The health of a connector's polls; `null` before the first. */
export async function pollHealthOf(table: Table, connectorId: string): Promise<PollHealth | null> {
  const item = await table.get(sourceKey(connectorId));
  return item === null ? null : readPoll(item).health;
}

/** Moves a connector's cursor, unless it has moved in the meantime or the connector is gone. */
export function moveAction({ connectorId, from, to }: CursorMove): Action {
  const change = to === null ? { remove: ['cursor'] } : { set: { cursor: JSON.stringify(to) } };
  const isThere = from === null ? 'attribute_not_exists(#cursor)' : '#cursor = :from';
  return {
    update: sourceKey(connectorId),
    change,
    condition: {
      expression: `attribute_exists(#change) AND ${isThere}`,
      ...(from === null ? {} : { values: { ':from': JSON.stringify(from) } }),
    },
  };
}

function readPoll(item: unknown): StoredPoll {
  const { cursor = null, pollHealth: health = null, pollFrom = 0, pollVersion } = storedPoll.parse(item);
  return { cursor: cursor as JsonValue, health, from: pollFrom, version: pollVersion ?? null };
}
