import * as z from 'zod';
import type { Connector } from '../../../core/connectors/connector.ts';
import { connectionKey } from '../store/keys.ts';
import type { Table } from '../store/table.ts';
import type { Action } from '../store/transaction.ts';
import { loadConnectors } from './stored-connector.ts';

/** Part of a connection's item: the connectors that use it. */
const connectionUsers = z.object({ usedBy: z.set(z.string()).default(new Set()) });

/**
 * The writes that update the users of connections to match a connector. If it takes a version of its connection that it
 * did not have before, they hold only if this is still the connection's version.
 *
 * @param before the connector as stored; `null` for a new one
 * @param after the connector as it will be; `null` if it is deleted
 */
export function userChanges(before: Connector | null, after: Connector | null): Action[] {
  const [old, used] = [before?.connection ?? null, after?.connection ?? null];
  const actions: Action[] = [];
  if (used !== null && after !== null && !(used.id === old?.id && used.version === old.version)) {
    const condition = { expression: '#version = :taken', values: { ':taken': used.version } };
    const change = { add: { usedBy: new Set([after.id]) } };
    actions.push({ update: connectionKey(used.id), change, condition });
  }
  if (old !== null && before !== null && old.id !== used?.id) {
    actions.push({ update: connectionKey(old.id), change: { take: { usedBy: new Set([before.id]) } } });
  }
  return actions;
}

/** The connectors that use a connection, in order of creation. */
export async function connectorsUsing(table: Table, connectionId: string): Promise<readonly Connector[]> {
  const item = await table.get(connectionKey(connectionId));
  if (item === null) return [];
  const found = await loadConnectors(table, [...connectionUsers.parse(item).usedBy]);
  return found
    .filter((connector) => connector !== null)
    .filter(({ connection }) => connection?.id === connectionId)
    .toSorted((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
}
