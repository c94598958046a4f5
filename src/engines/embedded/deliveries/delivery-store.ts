import type { DeliveryStore } from '../../../core/ports/delivery-store.ts';
import type { Changes } from '../changes.ts';
import { type Row, text } from '../store/columns.ts';
import type { Database } from '../store/database.ts';
import { countHeld } from './count-held.ts';
import { deliveryReader } from './delivery-rows.ts';
import { listDeliveries } from './list-deliveries.ts';

/**
 * Keeps deliveries with their attempts in SQLite.
 * @param onPending is told of every connector that has got a delivery to make
 */
export function createDeliveryStore(
  database: Database,
  changes: Changes,
  onPending: (connectorId: string) => void,
): DeliveryStore {
  const readDelivery = deliveryReader(database);
  const select = database.statement('SELECT * FROM deliveries WHERE delivery_id = ?');
  const selectOfRun = database.statement('SELECT * FROM deliveries WHERE run_id = ? ORDER BY position');

  const tellChange = (row: Row): void => {
    changes.publish(() => ({ type: 'delivery.updated', delivery: readDelivery(row) }));
    if (text(row, 'status') === 'pending') onPending(text(row, 'connector_id'));
  };

  return {
    async plan(runId, deliveries) {
      const planned = deliveries.map(({ attempts: _none, ...delivery }) => delivery);
      for (const row of await database.write('planDeliveries', runId, planned)) tellChange(row);
    },
    async get(deliveryId) {
      const row = select.get(deliveryId);
      return row === undefined ? null : readDelivery(row);
    },
    list: listDeliveries(database, readDelivery),
    async ofRun(runId) {
      return selectOfRun.all(runId).map(readDelivery);
    },
    async claim(deliveryId, owner, now, until) {
      const row = await database.write('claimDelivery', deliveryId, owner, now, until);
      return row === undefined ? null : readDelivery(row);
    },
    async record(deliveryId, owner, attempt, next) {
      const row = await database.write('recordAttempt', deliveryId, owner, attempt, next);
      if (row === undefined) return 'lost';
      tellChange(row);
      return 'recorded';
    },
    async release(deliveryId, owner, availableAt) {
      const row = await database.write('releaseDelivery', deliveryId, owner, availableAt);
      if (row !== undefined) tellChange(row);
    },
    async hold(deliveryId, owner, reason) {
      const row = await database.write('holdDelivery', deliveryId, owner, reason);
      if (row === undefined) return 'lost';
      tellChange(row);
      return 'held';
    },
    async drop(deliveryId, reason) {
      const row = await database.write('dropDelivery', deliveryId, reason);
      if (row === undefined) return null;
      tellChange(row);
      return readDelivery(row);
    },
    countHeld: countHeld(database),
    async redeliver(deliveryId, now) {
      const row = await database.write('redeliver', deliveryId, now);
      if (row === undefined) return null;
      tellChange(row);
      return readDelivery(row);
    },
  };
}
