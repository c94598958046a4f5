import { type RefusedRequestStore, refusedKeptMs } from '../../../core/ports/refused-request-store.ts';
import { refusedRequest } from '../../../core/triggers/refused-request.ts';
import { idOf, listedAt, listKey, listKeys, refusedRequestKey } from '../store/keys.ts';
import { collectPage, inOrder, type Listing } from '../store/listing.ts';
import type { Retention } from '../store/retention.ts';
import type { Table } from '../store/table.ts';
import { tableIndexes } from '../store/table-schema.ts';

/** Keeps requests that started no run. DynamoDB removes them late, so lists skip expired ones. */
export function refusedRequestStore(table: Table, retention: Retention): RefusedRequestStore {
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
      return collectPage(table, listing, request, async (places) => {
        const ids = places.map(idOf);
        const items = await table.getMany(ids.map(refusedRequestKey));
        const requests = items.map((item) => refusedRequest.parse(item));
        return inOrder(ids, requests, ({ requestId }) => requestId);
      });
    },
  };
}

function listingOf(connectorId: string | undefined): Listing {
  return connectorId === undefined
    ? { index: tableIndexes.byTime, partitions: listKeys('REFUSED') }
    : { index: tableIndexes.byConnector, partitions: listKeys('REFUSED', connectorId) };
}
