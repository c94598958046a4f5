import type { DeliveryStatus } from '../../core/delivery.ts';
import { allItems } from './all-items.ts';
import { deliveryKey, idOf, listKeys } from './keys.ts';
import { filterOn } from './list-runs.ts';
import { deliveryPlace } from './stored-delivery.ts';
import type { Table } from './table.ts';
import { tableIndexes } from './table-schema.ts';

/** Ends the pending deliveries of a connector. One that is being attempted loses its record of that attempt. */
export async function cancelPendingDeliveries(table: Table, connectorId: string): Promise<void> {
  await Promise.all(
    listKeys('DELIVERY', 'pending').map(async (partition) => {
      const pending = { index: tableIndexes.byStatus, partition, ...filterOn({ connectorId }) };
      for await (const item of allItems(table, pending)) {
        await cancelDelivery(table, idOf(String(item['listed'])));
      }
    }),
  );
}

async function cancelDelivery(table: Table, deliveryId: string): Promise<void> {
  const status: DeliveryStatus = 'cancelled';
  const pending: DeliveryStatus = 'pending';
  await table.update(
    deliveryKey(deliveryId),
    {
      set: { status, ...deliveryPlace(deliveryId, status), nextAttemptAt: null },
      remove: ['owner', 'leaseUntil', 'dueKey', 'dueAt'],
    },
    { expression: '#status = :pending', values: { ':pending': pending } },
  );
}
