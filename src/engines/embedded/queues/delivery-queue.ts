import { deliver } from '../../../core/deliver.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { numberOrNull, text } from '../columns.ts';
import type { Database } from '../database.ts';
import { LaneQueue } from './lane-queue.ts';

/** Sockets that are open at a time. */
const maxInFlight = 1_024;
/** What one receiver gets at a time; a dead one holds up no more than this. */
const maxInFlightPerConnector = 8;

/**
 * Makes due deliveries: a lane for each connector, so that a dead receiver never blocks another.
 * @param stopping aborts the attempts that are being made; they count as not made
 */
export function deliveryQueue(database: Database, engine: Engine, stopping: AbortSignal): LaneQueue {
  const { clock, log } = engine;
  const pending = `deliveries INDEXED BY deliveries_pending WHERE status = 'pending'`;
  const selectConnectors = database.statement(`
    WITH RECURSIVE connectors (id) AS (
      SELECT min(connector_id) FROM ${pending}
      UNION ALL
      SELECT (SELECT min(connector_id) FROM ${pending} AND connector_id > id) FROM connectors WHERE id IS NOT NULL)
    SELECT id FROM connectors WHERE id IS NOT NULL`);
  const selectDue = database.statement(`
    SELECT delivery_id FROM ${pending} AND connector_id = ? AND available_at <= ?
    ORDER BY available_at, position LIMIT ?`);
  const selectNextDue = database.statement(
    `SELECT min(available_at) AS available_at FROM ${pending} AND connector_id = ?`,
  );
  return new LaneQueue(
    {
      lanes: () => selectConnectors.all().map((row) => text(row, 'id')),
      due: (connector, now, limit) =>
        selectDue.all(connector, now, limit).map((row) => text(row, 'delivery_id')),
      nextDueAt(connector) {
        const row = selectNextDue.get(connector);
        return row === undefined ? null : numberOrNull(row, 'available_at');
      },
      work: (deliveryId) => deliver(engine, deliveryId, stopping),
    },
    {
      failureEvent: 'delivery.not-attempted',
      maxInFlight,
      maxInFlightPerLane: maxInFlightPerConnector,
      clock,
      log,
    },
  );
}
