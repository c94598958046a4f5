import type { RunStore } from '../../../core/ports/run-store.ts';
import { number, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';
import { runIdsOfTrigger } from '../writes/dispatch-runs.ts';

/** `RunStore.findTrigger` */
export function findTrigger(database: Database): RunStore['findTrigger'] {
  const select = database.statement('SELECT received_at, arrival FROM triggers WHERE trigger_id = ?');
  const selectConnector = database.statement('SELECT connector_id FROM runs WHERE run_id = ?');
  const runIdsOf = runIdsOfTrigger(database);
  return async (triggerId) => {
    const row = select.get(triggerId);
    const runIds = row === undefined ? [] : runIdsOf(triggerId);
    const first = selectConnector.get(runIds[0] ?? '');
    if (row === undefined || first === undefined) return null;
    const arrival = textOrNull(row, 'arrival');
    return {
      triggerId,
      connectorId: textOrNull(first, 'connector_id'),
      receivedAt: number(row, 'received_at'),
      ...(arrival === null ? {} : { arrival: JSON.parse(arrival) }),
      runIds,
    };
  };
}
