import type { DeliveryStatus } from '../../../core/deliveries/delivery.ts';
import type { HeldCount } from '../../../core/ports/delivery-store.ts';
import { filterOn } from '../store/expressions.ts';
import { tableIndexes, timeOf } from '../store/keys.ts';
import { allItems, type Table } from '../store/table.ts';
import { deliveryPartitions } from './stored-delivery.ts';

/** Maximum to count in each partition: counting more costs 1 MB of reads per answer. */
const maxCounted = 1_000;

/** `DeliveryStore.countHeld`: queries each partition of held deliveries. */
export async function countHeld(table: Table, connectorId: string | undefined): Promise<HeldCount> {
  const held: DeliveryStatus = 'held';
  const counts = await Promise.all(
    deliveryPartitions(held).map((partition) => countPartition(table, partition, connectorId)),
  );
  const oldest = counts.map(({ oldestAt }) => oldestAt).filter((at) => at !== null);
  return {
    count: counts.reduce((sum, { count }) => sum + count, 0),
    oldestAt: oldest.length === 0 ? null : Math.min(...oldest),
    more: counts.some(({ more }) => more),
  };
}

/** Reads oldest first, so the first item is the oldest. */
async function countPartition(
  table: Table,
  partition: string,
  connectorId: string | undefined,
): Promise<HeldCount> {
  const query = { index: tableIndexes.byState, partition, ...filterOn({ connectorId }) };
  let count = 0;
  let oldestAt: number | null = null;
  for await (const item of allItems(table, query)) {
    if (count === maxCounted) return { count, oldestAt, more: true };
    count += 1;
    oldestAt ??= timeOf(String(item['listed']));
  }
  return { count, oldestAt, more: false };
}
