import * as z from 'zod';
import { connectionChanged } from '../../../core/connections/connection-changed.ts';
import type { Connector } from '../../../core/connectors/connector.ts';
import type { ConnectorTypes } from '../../../core/connectors/connector-type.ts';
import { PermanentError } from '../../../core/errors.ts';
import { type ConnectorNames, claimMs } from '../../../core/ports/connector-names.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import { cancelUnendedDeliveries } from '../deliveries/cancel-deliveries.ts';
import type { Action } from '../store/expressions.ts';
import {
  budgetsKey,
  connectionKey,
  connectorKey,
  connectorNameKey,
  idOf,
  listKeys,
  tableIndexes,
} from '../store/keys.ts';
import { collectPage } from '../store/listing.ts';
import { type ExpiringCache, expiringCache, type Item, type Table } from '../store/table.ts';
import { sourceKindOf } from '../ways/source-kind.ts';
import { markChange } from '../ways/source-marks.ts';
import {
  connectorItem,
  connectorOf,
  linkChanges,
  linkedConnectors,
  loadConnectors,
} from './stored-connector.ts';

/**
 * Stores each connector as one item. Next to it are one item per link, which finds an agent's connectors, and one that
 * records whether the connector's event source matches its last change.
 *
 * @param types tell which connectors have an event source
 * @param cacheMs maximum age of an answer of `get`; 0 for callers that manage connectors and need their own changes
 * @param noteBudgets gets the list of budgets with each connector that `get` reads, in the same call; `null`: none
 */
export function connectorStore(
  table: Table,
  types: ConnectorTypes,
  cacheMs: number,
  clock: () => number,
  noteBudgets: (item: Item | null) => void,
): ConnectorStore {
  /** The mark also covers a source that the connector no longer needs, so that it is removed. */
  const marks = (connectorId: string, before: Connector | null, after: Connector | null): Action[] => {
    const kindOf = (known: Connector | null) => (known === null ? null : sourceKindOf(types, known));
    const kind = kindOf(after) ?? kindOf(before);
    return kind === null ? [] : [markChange(connectorId, after, kind, clock())];
  };
  const cache: ExpiringCache<Connector> = expiringCache(cacheMs);
  // A separate cache, so that probed ids evict no connector. It remembers unknown ids too: otherwise response times
  // would tell a prober which ids exist.
  const absent: ExpiringCache<true> = expiringCache(cacheMs);
  return {
    async get(connectorId) {
      const cached = cache.get(connectorId, clock());
      if (cached !== null) return cached;
      if (absent.get(connectorId, clock()) !== null) return null;
      const items = await table.getMany([connectorKey(connectorId), budgetsKey]);
      noteBudgets(items.find(({ pk }) => pk === budgetsKey.pk) ?? null);
      const item = items.find(({ pk }) => pk !== budgetsKey.pk);
      const connector = item === undefined ? null : connectorOf(item);
      if (connector === null) absent.set(connectorId, true, clock());
      else cache.set(connectorId, connector, clock());
      return connector;
    },
    async create(connector) {
      absent.forget(connector.id);
      const created = await table.transact([
        { put: connectorItem(connector), condition: { expression: 'attribute_not_exists(#pk)' } },
        ...userChanges(null, connector),
        ...linkChanges(null, connector),
        ...marks(connector.id, null, connector),
      ]);
      if (created.outcome === 'refused' && created.at > 0) throw connectionChanged(connector);
      if (created.outcome === 'refused')
        throw new PermanentError('connector-exists', 'This connector exists.');
    },
    async replace(connector) {
      cache.forget(connector.id);
      return replaceConnector(table, connector, (stored) => marks(connector.id, stored, connector));
    },
    async delete(connectorId) {
      cache.forget(connectorId);
      const stored = await readConnector(table, connectorId);
      if (stored !== null) {
        await table.transact([
          { delete: connectorKey(connectorId) },
          ...userChanges(stored, null),
          ...linkChanges(stored, null),
          ...marks(connectorId, stored, null),
        ]);
      }
      // Also for a connector that is already gone: this completes a deletion that was cut short.
      await cancelUnendedDeliveries(table, connectorId);
      return stored === null ? 'missing' : 'deleted';
    },
    async list(request) {
      const listing = { index: tableIndexes.byTime, partitions: listKeys('CONNECTOR') };
      return collectPage(table, listing, request, async (places) => {
        const found = await loadConnectors(table, places.map(idOf));
        return found.map((connector) => (fits(connector, request) ? connector : null));
      });
    },
    linkedTo: (agentName) => linkedConnectors(table, agentName),
    using: (connectionId) => connectorsUsing(table, connectionId),
  };
}

async function readConnector(table: Table, connectorId: string): Promise<Connector | null> {
  const item = await table.get(connectorKey(connectorId));
  return item === null ? null : connectorOf(item);
}

async function replaceConnector(
  table: Table,
  connector: Connector,
  marks: (stored: Connector) => readonly Action[],
): Promise<'replaced' | 'changed-meanwhile' | 'missing'> {
  const stored = await readConnector(table, connector.id);
  if (stored === null) return 'missing';
  const before = connector.version - 1;
  const replaced = await table.transact([
    {
      put: connectorItem(connector),
      condition: { expression: '#version = :before', values: { ':before': before } },
    },
    ...userChanges(stored, connector),
    ...linkChanges(stored, connector),
    ...marks(stored),
  ]);
  return replaced.outcome === 'written' ? 'replaced' : 'changed-meanwhile';
}

function fits(connector: Connector | null, { type, mode }: { type?: string; mode?: string }): boolean {
  if (connector === null) return false;
  return (type ?? connector.type) === connector.type && (mode ?? connector.mode) === connector.mode;
}

/** Part of a connection's item: the connectors that use it. */
const connectionUsers = z.object({ usedBy: z.set(z.string()).default(new Set()) });

/**
 * The writes that update the users of connections to match a connector. If it takes a version of its connection that it
 * did not have before, they hold only if this is still the connection's version.
 *
 * @param before the connector as stored; `null` for a new one
 * @param after the connector as it will be; `null` if it is deleted
 */
function userChanges(before: Connector | null, after: Connector | null): Action[] {
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
async function connectorsUsing(table: Table, connectionId: string): Promise<readonly Connector[]> {
  const item = await table.get(connectionKey(connectionId));
  if (item === null) return [];
  const found = await loadConnectors(table, [...connectionUsers.parse(item).usedBy]);
  return found
    .filter((connector) => connector !== null)
    .filter(({ connection }) => connection?.id === connectionId)
    .toSorted((one, other) => one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1));
}

const storedName = z.object({ connectorId: z.string(), claimedAt: z.number() });
type StoredName = z.infer<typeof storedName>;

/** One record holds each name. A record is taken over if its connector is gone or has another name. */
export function connectorNames(table: Table): ConnectorNames {
  return {
    async claim(name, connectorId, now) {
      const holder = await holderOf(table, name);
      const isAnothers = holder !== null && holder.connectorId !== connectorId;
      if (isAnothers && (await isHeld(table, name, holder, now))) return 'taken';
      const record = { ...connectorNameKey(name), connectorId, claimedAt: now };
      if (await table.put(record, seenBefore(holder))) return 'claimed';
      return (await holderOf(table, name))?.connectorId === connectorId ? 'claimed' : 'taken';
    },
    async release(name, connectorId) {
      const item = await table.get(connectorNameKey(name));
      if (item?.['connectorId'] === connectorId) await table.delete(connectorNameKey(name));
    },
  };
}

async function holderOf(table: Table, name: string): Promise<StoredName | null> {
  const item = await table.get(connectorNameKey(name));
  return item === null ? null : storedName.parse(item);
}

async function isHeld(table: Table, name: string, holder: StoredName, now: number): Promise<boolean> {
  const connector = await table.get(connectorKey(holder.connectorId));
  return connector?.['name'] === name || now - holder.claimedAt < claimMs;
}

/** If several callers claim a name at the same time, the first write fails the condition of the others. */
function seenBefore(holder: StoredName | null) {
  return holder === null
    ? { expression: 'attribute_not_exists(#pk)' }
    : {
        expression: '#connectorId = :connectorId AND #claimedAt = :claimedAt',
        values: { ':connectorId': holder.connectorId, ':claimedAt': holder.claimedAt },
      };
}
