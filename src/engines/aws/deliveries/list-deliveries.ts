import type { Delivery } from '../../../core/deliveries/delivery.ts';
import type { DeliveryQuery } from '../../../core/ports/delivery-store.ts';
import type { Page } from '../../../core/ports/page.ts';
import { storedRun } from '../runs/stored-run.ts';
import { filterOn } from '../store/expressions.ts';
import { deliveryKey, idOf, listedAt, listKeys, runKey, tableIndexes } from '../store/keys.ts';
import { collectPage, inOrder, type Listing } from '../store/listing.ts';
import type { Table } from '../store/table.ts';
import { deliveryOf, deliveryPartitions, storedDelivery } from './stored-delivery.ts';

/** `DeliveryStore.list`. */
export async function listDeliveries(table: Table, query: DeliveryQuery): Promise<Page<Delivery>> {
  if (query.runId !== undefined) return pageOfRun(await deliveriesOfRun(table, query.runId), query);
  const { status } = query;
  return collectPage(table, deliveryListing(query), query, async (places) => {
    const found = await loadDeliveries(table, places.map(idOf));
    // The index may lag behind the record.
    return found.map((delivery) => (status === undefined || delivery?.status === status ? delivery : null));
  });
}

/** `DeliveryStore.ofRun`: the run's record has the ids, so no index is involved. Oldest first. */
export async function deliveriesOfRun(table: Table, runId: string): Promise<readonly Delivery[]> {
  const item = await table.get(runKey(runId));
  const { deliveryIds = [] } = item === null ? {} : storedRun.parse(item);
  const found = await loadDeliveries(table, [...deliveryIds]);
  return found.filter((delivery) => delivery !== null).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

/** A run has few deliveries: reads all of them and cuts the page. */
function pageOfRun(deliveries: readonly Delivery[], query: DeliveryQuery): Page<Delivery> {
  const { status, connectorId, from = 0, to = Number.POSITIVE_INFINITY, cursor, limit } = query;
  const listed = deliveries
    .filter((delivery) => status === undefined || delivery.status === status)
    .filter((delivery) => connectorId === undefined || delivery.connectorId === connectorId)
    .filter(({ createdAt }) => createdAt >= from && createdAt < to)
    .filter((delivery) => cursor === null || placeOf(delivery) < cursor)
    .reverse();
  const items = listed.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && listed.length > limit ? placeOf(last) : null };
}

function placeOf({ createdAt, deliveryId }: Delivery): string {
  return listedAt(createdAt, deliveryId);
}

/** Deliveries by id, in the same order; `null` for those that do not exist. */
export async function loadDeliveries(table: Table, ids: readonly string[]): Promise<(Delivery | null)[]> {
  const items = await table.getMany(ids.map(deliveryKey));
  const deliveries = items.map((item) => deliveryOf(storedDelivery.parse(item)));
  return inOrder(ids, deliveries, ({ deliveryId }) => deliveryId);
}

/** The index to query. Deliveries of every status except `delivered` are in the lists by state, which are short. */
function deliveryListing(query: DeliveryQuery): Listing {
  const { status, connectorId } = query;
  const bounds = {
    ...(query.from === undefined ? {} : { from: query.from }),
    ...(query.to === undefined ? {} : { to: query.to }),
  };
  if (status !== undefined && status !== 'delivered') {
    const partitions = deliveryPartitions(status);
    return { index: tableIndexes.byState, partitions, ...filterOn({ connectorId, status }), ...bounds };
  }
  if (connectorId !== undefined) {
    return { index: tableIndexes.byConnector, partitions: listKeys('DELIVERY', connectorId), ...bounds };
  }
  return { index: tableIndexes.byTime, partitions: listKeys('DELIVERY'), ...bounds };
}
