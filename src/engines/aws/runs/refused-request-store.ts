import { type RefusedRequestStore, refusedKeptMs } from '../../../core/ports/refused-request-store.ts';
import { refusedRequest } from '../../../core/triggers/refused-request.ts';
import { matchesRefused } from '../../search-refused.ts';
import { idOf, listedAt, listKey, listKeys, refusedRequestKey, tableIndexes } from '../store/keys.ts';
import { collectPage, inOrder, type Listing } from '../store/listing.ts';
import type { Retention } from '../store/retention.ts';
import type { Table } from '../store/table.ts';

/** Keeps requests that started no run. DynamoDB removes them late, so lists skip expired ones. */
export function refusedRequestStore(table: Table, retention: Retention): RefusedRequestStore {
  const load = async (ids: readonly string[]) => {
    const items = await table.getMany(ids.map(refusedRequestKey));
    const requests = items.map((item) => refusedRequest.parse(item));
    return inOrder(ids, requests, ({ requestId }) => requestId);
  };
  return {
    async add(request) {
      const { requestId, connectorId, at } = request;
      await table.put({
        ...refusedRequestKey(requestId),
        timeKey: listKey('REFUSED', requestId),
        ...(connectorId === null ? {} : { connectorKey: listKey('REFUSED', requestId, connectorId) }),
        listed: listedAt(at, requestId),
        ...request,
        expiresAt: retention.expiryOfRefusedRequest(at),
      });
    },
    async list({ connectorId, now, ...request }) {
      const listing = { ...listingOf(connectorId), from: now - refusedKeptMs };
      return collectPage(table, listing, request, (places) => load(places.map(idOf)));
    },
    async search(query) {
      const { connectorId, now, from = 0, to } = query;
      const bounds = { from: Math.max(from, now - refusedKeptMs), ...(to === undefined ? {} : { to }) };
      return collectPage(table, { ...listingOf(connectorId), ...bounds }, query, async (places) => {
        const requests = await load(places.map(idOf));
        return places.map((cursor, index) => {
          const item = requests[index] ?? null;
          return item !== null && matchesRefused(item, query) ? { item, cursor } : null;
        });
      });
    },
    async find(requestId) {
      const [request = null] = await load([requestId]);
      return request;
    },
  };
}

function listingOf(connectorId: string | undefined): Listing {
  return connectorId === undefined
    ? { index: tableIndexes.byTime, partitions: listKeys('REFUSED') }
    : { index: tableIndexes.byConnector, partitions: listKeys('REFUSED', connectorId) };
}
