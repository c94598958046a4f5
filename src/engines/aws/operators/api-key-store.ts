import * as z from 'zod';
import type { ApiKey } from '../../../core/operators/api-key.ts';
import { roles } from '../../../core/operators/role.ts';
import type { ApiKeyStore } from '../../../core/ports/api-key-store.ts';
import {
  apiKeyKey,
  apiKeyNameKey,
  expiryAttribute,
  idOf,
  listedAt,
  listKey,
  listKeys,
  tableIndexes,
} from '../store/keys.ts';
import { collectPage, inOrder } from '../store/listing.ts';
import type { Retention } from '../store/retention.ts';
import type { Item, Table } from '../store/table.ts';

const storedKey = z.object({
  keyId: z.string(),
  name: z.string(),
  role: z.enum(roles),
  sha256: z.string(),
  beginsWith: z.string(),
  createdAt: z.number(),
  createdBy: z.string(),
  lastUsedAt: z.number().nullable(),
  /** When the key stops working; `expiresAt` is when DynamoDB removes the record. */
  validUntil: z.number().nullable(),
  revokedAt: z.number().nullable(),
});

/** Keys of programs that call the management API. A separate record reserves each name while a key has it. */
export function apiKeyStore(table: Table, retention: Retention): ApiKeyStore {
  return {
    async create(key) {
      const forgotten = key.expiresAt === null ? {} : expiryOf(key.expiresAt);
      const isFree = { expression: 'attribute_not_exists(#pk)' };
      const written = await table.transact([
        { put: { ...itemOf(key), ...forgotten } },
        { put: { ...apiKeyNameKey(key.name), keyId: key.keyId, ...forgotten }, condition: isFree },
      ]);
      return written.outcome === 'written' ? 'created' : 'name-taken';
    },
    async get(keyId) {
      const item = await table.get(apiKeyKey(keyId));
      return item === null ? null : apiKeyOf(item);
    },
    async list(request) {
      const listing = { index: tableIndexes.byTime, partitions: listKeys('API-KEY') };
      return collectPage(table, listing, request, async (places) => {
        const ids = places.map(idOf);
        const items = await table.getMany(ids.map(apiKeyKey));
        return inOrder(ids, items.map(apiKeyOf), ({ keyId }) => keyId);
      });
    },
    async noteUse(keyId, at) {
      await table.update(apiKeyKey(keyId), { set: { lastUsedAt: at } }, exists);
    },
    async revoke({ keyId, name }, at) {
      const change = { set: { revokedAt: at, ...expiryOf(at) } };
      await table.transact([
        { update: apiKeyKey(keyId), change, condition: isUnrevoked },
        { delete: apiKeyNameKey(name) },
      ]);
    },
  };

  function expiryOf(endsAt: number) {
    return { [expiryAttribute]: retention.expiryOfApiKey(endsAt) };
  }
}

/** Does not recreate an expired record. */
const exists = { expression: 'attribute_exists(#pk)' };
/** Revoking a second time would release the name of a newer key. */
const isUnrevoked = { expression: '#revokedAt = :none', values: { ':none': null } };

function itemOf({ expiresAt, ...key }: ApiKey) {
  const { keyId, createdAt } = key;
  return {
    ...apiKeyKey(keyId),
    timeKey: listKey('API-KEY', keyId),
    listed: listedAt(createdAt, keyId),
    ...key,
    validUntil: expiresAt,
  };
}

function apiKeyOf(item: Item): ApiKey {
  const { validUntil, ...key } = storedKey.parse(item);
  return { ...key, expiresAt: validUntil };
}
