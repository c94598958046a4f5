import type { Delivery } from '../../core/delivery.ts';
import type { AfterAttempt, DeliveryStore } from '../../core/ports/delivery-store.ts';
import { deliveryChange } from '../change-summaries.ts';
import type { Changes } from './changes.ts';
import type { Row } from './columns.ts';
import type { Database } from './database.ts';
import { deliveryReader } from './deliveries/delivery-rows.ts';
import { listDeliveries } from './deliveries/list-deliveries.ts';
import { TimedPositions } from './timed-positions.ts';

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
  const statements = deliveryStatements(database);

  const changed = (row: Row | undefined): Delivery | null => {
    if (row === undefined) return null;
    const delivery = readDelivery(row);
    changes.publish('delivery.updated', delivery.deliveryId, () => deliveryChange(delivery));
    if (delivery.status === 'pending') onPending(delivery.connectorId);
    return delivery;
  };

  return {
    async plan(runId, deliveries) {
      const rows = await database.write(() => {
        statements.leaveOutbox.run(runId);
        return deliveries.map((delivery) => statements.insert(delivery));
      });
      for (const row of rows) changed(row);
    },
    async get(deliveryId) {
      const row = statements.select.get(deliveryId);
      return row === undefined ? null : readDelivery(row);
    },
    list: listDeliveries(database, readDelivery),
    async ofRun(runId) {
      return statements.selectOfRun.all(runId).map(readDelivery);
    },
    async claim(deliveryId, owner, now, until) {
      const row = await database.write(() => statements.claim.get(owner, until, deliveryId, now));
      return row === undefined ? null : readDelivery(row);
    },
    async record(deliveryId, owner, attempt, next) {
      const row = await database.write(() => {
        const recorded = statements.record.get(...columnsAfter(next), deliveryId, owner);
        if (recorded === undefined) return undefined;
        const { at, durationMs, statusCode, error, responseExcerpt } = attempt;
        statements.addAttempt.run(deliveryId, at, durationMs, statusCode, error, responseExcerpt, deliveryId);
        return recorded;
      });
      return changed(row) === null ? 'lost' : 'recorded';
    },
    async release(deliveryId, owner, availableAt) {
      changed(await database.write(() => statements.release.get(availableAt, deliveryId, owner)));
    },
    async redeliver(deliveryId, now) {
      return changed(await database.write(() => statements.redeliver.get(now, now, deliveryId)));
    },
  };
}

function columnsAfter({ status, nextAttemptAt }: AfterAttempt) {
  return [status, nextAttemptAt, nextAttemptAt] as const;
}

function deliveryStatements(database: Database) {
  const positions = new TimedPositions(database, 'deliveries');
  const insert = database.statement(`
    INSERT INTO deliveries (position, delivery_id, run_id, agent_name, connector_id, status, attempts_in_schedule,
      next_attempt_at, available_at, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (delivery_id) DO NOTHING RETURNING *`);
  return {
    leaveOutbox: database.statement('DELETE FROM outbox WHERE run_id = ?'),
    /** @returns nothing where the delivery is there already */
    insert(delivery: Delivery): Row | undefined {
      return insert.get(
        positions.next(delivery.createdAt),
        delivery.deliveryId,
        delivery.runId,
        delivery.agentName,
        delivery.connectorId,
        delivery.status,
        delivery.attemptsInSchedule,
        delivery.nextAttemptAt,
        delivery.nextAttemptAt,
        delivery.createdAt,
      );
    },
    select: database.statement('SELECT * FROM deliveries WHERE delivery_id = ?'),
    selectOfRun: database.statement('SELECT * FROM deliveries WHERE run_id = ? ORDER BY position'),
    claim: database.statement(`
      UPDATE deliveries SET lease_owner = ?, available_at = ?
      WHERE delivery_id = ? AND status = 'pending' AND available_at <= ? RETURNING *`),
    record: database.statement(`
      UPDATE deliveries SET status = ?, next_attempt_at = ?, available_at = ?, lease_owner = NULL,
        attempts_in_schedule = attempts_in_schedule + 1
      WHERE delivery_id = ? AND lease_owner = ? AND status = 'pending' RETURNING *`),
    addAttempt: database.statement(`
      INSERT INTO delivery_attempts (delivery_id, number, at, duration_ms, status_code, error, response_excerpt)
      SELECT ?, 1 + count(*), ?, ?, ?, ?, ? FROM delivery_attempts WHERE delivery_id = ?`),
    release: database.statement(`
      UPDATE deliveries SET available_at = ?, lease_owner = NULL
      WHERE delivery_id = ? AND lease_owner = ? AND status = 'pending' RETURNING *`),
    redeliver: database.statement(`
      UPDATE deliveries SET status = 'pending', attempts_in_schedule = 0, next_attempt_at = ?, available_at = ?,
        lease_owner = NULL
      WHERE delivery_id = ? AND status <> 'pending' RETURNING *`),
  };
}
