import type { Filtered } from '../../../core/triggers/trigger.ts';
import type { Connection } from '../store/connection.ts';
import { TimedPositions } from '../store/timed-positions.ts';

/** Marks a trigger, stored in the same transaction, as filtered. */
export function insertFiltered(
  connection: Connection,
): (triggerId: string, connectorId: string | null, receivedAt: number, filtered: Filtered) => void {
  const positions = new TimedPositions(connection, 'filtered_triggers');
  const insert = connection.statement(`
    INSERT INTO filtered_triggers (position, trigger_id, connector_id, reason, agents) VALUES (?, ?, ?, ?, ?)`);
  return (triggerId, connectorId, receivedAt, { reason, agents }) => {
    const position = positions.next(receivedAt);
    insert.run(position, triggerId, connectorId ?? '', reason, JSON.stringify(agents));
  };
}
