import * as z from 'zod';
import type { NamedConnection, OpenConnection } from '../../../core/connections/named-connection.ts';
import { jsonObject } from '../../../core/json/json-value.ts';
import type { ConnectionStore } from '../../../core/ports/connection-store.ts';
import type { Action, Condition } from '../store/expressions.ts';
import {
  connectionKey,
  connectionNameKey,
  idOf,
  listedAt,
  listKey,
  listKeys,
  tableIndexes,
} from '../store/keys.ts';
import { collectPage, inOrder } from '../store/listing.ts';
import { jsonText } from '../store/payload-objects.ts';
import { allItems, type Item, type Table } from '../store/table.ts';
import type { SecretKeys } from './secret-store.ts';

const storedConnection = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  config: jsonText.pipe(jsonObject),
  secretFields: z.array(z.string()),
  version: z.number(),
  isPending: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

const sealedSecrets = z.object({ keyId: z.string(), sealed: z.instanceof(Uint8Array) });
const secretValues = jsonText.pipe(z.record(z.string(), z.string()));
const storedName = z.object({ connectionId: z.string() });

/**
 * Stores each connection as one item, with its sealed secrets and the ids of the connectors that use it (see
 * `connector-store.ts`). Another item reserves its name.
 */
export function connectionStore(table: Table, keys: SecretKeys): ConnectionStore {
  const read = async (connectionId: string): Promise<OpenConnection | null> => {
    const item = await table.get(connectionKey(connectionId));
    if (item === null) return null;
    const text = await keys.open(sealedSecrets.parse(item), connectionId);
    return { connection: storedConnection.parse(item), secrets: secretValues.parse(text) };
  };
  const fieldsOf = async ({ connection, secrets }: OpenConnection) => ({
    ...connection,
    config: JSON.stringify(connection.config),
    ...(await keys.seal(JSON.stringify(secrets), connection.id)),
  });
  return {
    async create(opened) {
      const { id, name, createdAt, isPending } = opened.connection;
      const fields = await fieldsOf(opened);
      const lists = { timeKey: listKey('CONNECTION', id), ...(isPending ? pendingList(id) : {}) };
      const item = { ...connectionKey(id), ...lists, listed: listedAt(createdAt, id), ...fields };
      const written = await table.transact([{ put: item }, claimName(name, id)]);
      return written.outcome === 'written' ? 'created' : 'name-taken';
    },
    get: read,
    async find(name) {
      const item = await table.get(connectionNameKey(name));
      return item === null ? null : read(storedName.parse(item).connectionId);
    },
    async replace(opened) {
      const { id, name, version, isPending } = opened.connection;
      const item = await table.get(connectionKey(id));
      if (item === null) return 'missing';
      const before = storedConnection.parse(item);
      const set = { ...(await fieldsOf(opened)), ...(isPending ? pendingList(id) : {}) };
      const change = isPending ? { set } : { set, remove: ['stateKey'] };
      const renaming: Action[] =
        name === before.name ? [] : [claimName(name, id), { delete: connectionNameKey(before.name) }];
      const written = await table.transact([
        { update: connectionKey(id), change, condition: hasVersion(version - 1) },
        ...renaming,
      ]);
      if (written.outcome === 'written') return 'replaced';
      return written.at === 0 ? 'changed-meanwhile' : 'name-taken';
    },
    async delete(connectionId) {
      const item = await table.get(connectionKey(connectionId));
      if (item === null) return 'missing';
      const { name } = storedConnection.parse(item);
      const written = await table.transact([
        { delete: connectionKey(connectionId), condition: isUnused(name) },
        { delete: connectionNameKey(name) },
      ]);
      return written.outcome === 'written' ? 'deleted' : 'used';
    },
    async list(request) {
      const listing = { index: tableIndexes.byTime, partitions: listKeys('CONNECTION') };
      return collectPage(table, listing, request, async (places) => {
        const ids = places.map(idOf);
        const items = await table.getMany(ids.map(connectionKey));
        const found = inOrder(ids, items.map(connectionOf), ({ id }) => id);
        const { kind } = request;
        return found.map((connection) => (isOfKind(connection, kind) ? connection : null));
      });
    },
    async pending() {
      const ids: string[] = [];
      for (const partition of listKeys('PENDING-CONNECTION')) {
        for await (const item of allItems(table, { index: tableIndexes.byState, partition })) {
          ids.push(idOf(listedPlace.parse(item).listed));
        }
      }
      return ids;
    },
    async settle(connectionId, version) {
      const change = { set: { isPending: false }, remove: ['stateKey'] };
      await table.update(connectionKey(connectionId), change, hasVersion(version));
    },
  };
}

const listedPlace = z.object({ listed: z.string() });

const hasVersion = (version: number): Condition => ({
  expression: '#version = :atVersion',
  values: { ':atVersion': version },
});

/** The last connector that leaves takes the set with it. A connection renamed meanwhile keeps its new name. */
const isUnused = (name: string): Condition => ({
  expression: 'attribute_not_exists(#usedBy) AND #name = :known',
  values: { ':known': name },
});

/** Only connections with unapplied changes are in the index by state. */
function pendingList(connectionId: string) {
  return { stateKey: listKey('PENDING-CONNECTION', connectionId) };
}

function claimName(name: string, connectionId: string): Action {
  const isFree = { expression: 'attribute_not_exists(#pk)' };
  return { put: { ...connectionNameKey(name), connectionId }, condition: isFree };
}

function connectionOf(item: Item): NamedConnection {
  return storedConnection.parse(item);
}

function isOfKind(connection: NamedConnection | null, kind: string | undefined): boolean {
  return connection !== null && (kind ?? connection.kind) === connection.kind;
}
