import { connectorDeletedReason, type DeliveryStatus } from '../../../core/deliveries/delivery.ts';
import { filterOn } from '../store/expressions.ts';
import { deliveryKey, idOf, tableIndexes } from '../store/keys.ts';
import { allItems, type Table } from '../store/table.ts';
import { deliveryPartitions, placeOf } from './stored-delivery.ts';

const unended = ['pending', 'held'] as const satisfies DeliveryStatus[];

/** Cancels the pending and held deliveries of a connector. An attempt in progress is not recorded. */
export async function cancelUnendedDeliveries(table: Table, connectorId: string): Promise<void> {
  const partitions = unended.flatMap(deliveryPartitions);
  await Promise.all(
    partitions.map(async (partition) => {
      const ofConnector = { index: tableIndexes.byState, partition, ...filterOn({ connectorId }) };
      for await (const item of allItems(table, ofConnector)) {
        await cancelDelivery(table, idOf(String(item['listed'])));
      }
    }),
  );
}

async function cancelDelivery(table: Table, deliveryId: string): Promise<void> {
  const status: DeliveryStatus = 'cancelled';
  const [pending, held] = unended;
  const place = placeOf(deliveryId, status);
  await table.update(
    deliveryKey(deliveryId),
    {
      set: {
        status,
        reason: connectorDeletedReason,
        ...place.set,
        nextAttemptAt: null,
      },
      remove: ['owner', 'leaseUntil', ...place.remove],
    },
    { expression: '#status IN (:pending, :held)', values: { ':pending': pending, ':held': held } },
  );
}
