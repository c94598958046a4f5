import { deliver } from '../../../core/deliveries/deliver.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { text } from '../store/columns.ts';
import type { Database } from '../store/database.ts';
import type { PayloadFiles } from '../store/payload-files.ts';
import { dueRows } from './due-rows.ts';
import { LaneQueue } from './lane-queue.ts';

/** Sockets that are open at a time. */
const maxInFlight = 1_024;
/** What one receiver gets at a time, unless its type says otherwise; a dead one holds up no more than this. */
const sendsAtATime = 8;

interface DeliveryQueueParts {
  readonly database: Database;
  readonly engine: Engine;
  readonly files: PayloadFiles;
  /** Of the payloads and outputs of runs that are delivered. */
  readonly maxBytesInFlight: number;
  /** Aborts the attempts that are being made; they count as not made. */
  readonly stopping: AbortSignal;
}

/** Makes due deliveries: a lane for each connector, so that a dead receiver never blocks another. */
export function deliveryQueue(parts: DeliveryQueueParts): LaneQueue {
  const { database, engine, files, maxBytesInFlight, stopping } = parts;
  const { clock, log } = engine;
  const pending = dueRows(database, {
    rows: `deliveries INDEXED BY deliveries_pending WHERE status = 'pending'`,
    lane: 'connector_id',
    id: 'delivery_id',
    files: [
      `SELECT payload_file FROM triggers JOIN runs USING (trigger_id) WHERE runs.run_id = deliveries.run_id`,
      `SELECT output_file FROM run_results JOIN runs USING (position) WHERE runs.run_id = deliveries.run_id`,
    ],
    sizeOf: (file) => files.sizeOf(file),
  });
  const selectType = database.statement('SELECT type FROM connectors WHERE connector_id = ?');
  const maxInFlightPerLane = (connectorId: string) => {
    const row = selectType.get(connectorId);
    const type = row === undefined ? undefined : engine.types.get(text(row, 'type'));
    return type?.sendsAtATime ?? sendsAtATime;
  };
  return new LaneQueue(
    { ...pending, work: (deliveryId) => deliver(engine, deliveryId, stopping) },
    { failureEvent: 'delivery.not-attempted', maxInFlight, maxInFlightPerLane, maxBytesInFlight, clock, log },
  );
}
