import type { DeliveryStore } from '../../../core/ports/delivery-store.ts';
import { number, numberOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';

/** Stops counting here, so that a count blocks the event loop for about 10 ms at most. */
const maxCounted = 100_000;

/** `DeliveryStore.countHeld`, along the index of held deliveries. */
export function countHeld(database: Database): DeliveryStore['countHeld'] {
  const counting = (ofConnector: string) =>
    database.statement(`
      SELECT count(*) AS counted, min(created_at) AS oldest FROM (
        SELECT created_at FROM deliveries INDEXED BY deliveries_held WHERE status = 'held' ${ofConnector}
        LIMIT ${maxCounted + 1})`);
  const countAll = counting('');
  const countOfConnector = counting('AND connector_id = ?');
  return async (connectorId) => {
    const row = connectorId === undefined ? countAll.get() : countOfConnector.get(connectorId);
    const counted = row === undefined ? 0 : number(row, 'counted');
    return {
      count: Math.min(counted, maxCounted),
      oldestAt: row === undefined ? null : numberOrNull(row, 'oldest'),
      more: counted > maxCounted,
    };
  };
}
