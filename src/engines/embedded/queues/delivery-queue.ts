import { deliver } from '../../../core/deliver.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { text } from '../columns.ts';
import type { Database } from '../database.ts';
import { dueRows } from './due-rows.ts';
import { LaneQueue } from './lane-queue.ts';

/** Sockets that are open at a time. */
const maxInFlight = 1_024;
/** What one receiver gets at a time, unless its type says otherwise; a dead one holds up no more than this. */
const sendsAtATime = 8;

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
  const selectType = database.statement('SELECT type FROM connectors WHERE connector_id = ?');
  const maxInFlightPerLane = (connectorId: string) => {
    const row = selectType.get(connectorId);
    const type = row === undefined ? undefined : engine.types.get(text(row, 'type'));
    return type?.sendsAtATime ?? sendsAtATime;
  };
  return new LaneQueue(
    { ...pending, work: (deliveryId) => deliver(engine, deliveryId, stopping) },
    { failureEvent: 'delivery.not-attempted', maxInFlight, maxInFlightPerLane, clock, log },
  );
}
