import type { Connection } from '../store/connection.ts';
import { TimedPositions } from '../store/timed-positions.ts';
import { apiKeyWrites } from './api-key-writes.ts';
import { budgetWrites } from './budget-writes.ts';
import { clockWrites } from './clock-writes.ts';
import { connectionWrites } from './connection-writes.ts';
import { connectorChangeWrites } from './connector-change-writes.ts';
import { connectorWrites } from './connector-writes.ts';
import { deliveryWrites } from './delivery-writes.ts';
import { dispatchRuns } from './dispatch-runs.ts';
import { endRuns } from './end-runs.ts';
import { holdWrites } from './hold-writes.ts';
import { interruptRuns } from './interrupted-work.ts';
import { leaseRuns, runSlots } from './lease-runs.ts';
import { noteWrites } from './note-writes.ts';
import { planningWrites } from './planning-writes.ts';
import { pollWrites } from './poll-writes.ts';
import { retentionWrites } from './retention-writes.ts';
import { scheduleWrites } from './schedule-writes.ts';
import { scheduledRunWrites } from './scheduled-runs.ts';
import { sendThrough } from './send-through.ts';

/** Every change to the database while the engine runs, by name. Each runs within a transaction. */
export function writeOperations(connection: Connection) {
  const slots = runSlots(connection);
  const polls = pollWrites(connection);
  const connectors = connectorWrites(connection);
  const notes = noteWrites(connection);
  const positions = new TimedPositions(connection, 'runs');
  return {
    dispatchRuns: dispatchRuns(connection, positions, polls.moveCursor),
    sendThrough: sendThrough(connection, positions),
    ...leaseRuns(connection, slots),
    ...endRuns(connection, slots),
    ...holdWrites(connection, slots),
    ...scheduledRunWrites(connection),
    ...deliveryWrites(connection),
    ...connectors,
    ...connectionWrites(connection),
    ...connectorChangeWrites(connection, connectors, notes),
    ...apiKeyWrites(connection),
    ...budgetWrites(connection),
    ...planningWrites(connection),
    ...scheduleWrites(connection),
    ...polls,
    ...notes,
    ...retentionWrites(connection),
    ...clockWrites(connection),
    interruptRuns: (now: number) => interruptRuns(connection, now),
  };
}

export type WriteOperations = ReturnType<typeof writeOperations>;
export type WriteName = keyof WriteOperations;
