import { deliver } from '../../../core/deliver.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import type { Database } from '../database.ts';
import { dueRows } from './due-rows.ts';
import { LaneQueue } from './lane-queue.ts';

/** Sockets that are open at a time. */
const maxInFlight = 1_024;
/** What one receiver gets at a time; a dead one holds up no more than this. */
const maxInFlightPerLane = 8;

/**
 * Makes due deliveries: a lane for each connector, so that a dead receiver never blocks another.
 * @param stopping aborts the attempts that are being made; they count as not made
 */
export function deliveryQueue(database: Database, engine: Engine, stopping: AbortSignal): LaneQueue {
  const { clock, log } = engine;
  const pending = dueRows(database, {
    rows: `deliveries INDEXED BY deliveries_pending WHERE status = 'pending'`,
    lane: 'connector_id',
    id: 'delivery_id',
  });
  return new LaneQueue(
    { ...pending, work: (deliveryId) => deliver(engine, deliveryId, stopping) },
    { failureEvent: 'delivery.not-attempted', maxInFlight, maxInFlightPerLane, clock, log },
  );
}
