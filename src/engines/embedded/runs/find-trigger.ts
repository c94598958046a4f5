import type { RunStore } from '../../../core/ports/run-store.ts';
import type { FilteredRecord, TriggerRecord } from '../../../core/triggers/trigger.ts';
import { number, numberOrNull, type Row, text, textOrNull } from '../store/connection.ts';
import type { PayloadFiles } from '../store/data-folder.ts';
import type { Database } from '../store/database.ts';
import { runIdsOfTrigger } from '../writes/dispatch-runs.ts';
import { originOfRow, readPayload } from './run-rows.ts';

/** `RunStore.findTrigger` */
export function findTrigger(database: Database): RunStore['findTrigger'] {
  const record = triggerRecords(database);
  return async (triggerId) => record(triggerId);
}

/** Reads triggers without their content. */
export function triggerRecords(database: Database): (triggerId: string) => TriggerRecord | null {
  const select = database.statement('SELECT received_at, arrival FROM triggers WHERE trigger_id = ?');
  const selectConnector = database.statement('SELECT connector_id FROM runs WHERE run_id = ?');
  const selectFiltered = database.statement('SELECT * FROM filtered_triggers WHERE trigger_id = ?');
  const runIdsOf = runIdsOfTrigger(database);
  return (triggerId) => {
    const row = select.get(triggerId);
    if (row === undefined) return null;
    const runIds = runIdsOf(triggerId);
    const filtered = selectFiltered.get(triggerId);
    const owner = filtered ?? selectConnector.get(runIds[0] ?? '');
    if (owner === undefined) return null;
    const arrival = textOrNull(row, 'arrival');
    return {
      triggerId,
      connectorId: textOrNull(owner, 'connector_id'),
      receivedAt: number(row, 'received_at'),
      ...(arrival === null ? {} : { arrival: JSON.parse(arrival) }),
      ...(filtered === undefined ? {} : { filtered: filteredOfRow(filtered) }),
      runIds,
    };
  };
}

function filteredOfRow(row: Row): FilteredRecord {
  return {
    reason: text(row, 'reason'),
    agents: JSON.parse(text(row, 'agents')),
    sentAt: numberOrNull(row, 'sent_at'),
  };
}

/** `RunStore.getTrigger` */
export function getTrigger(database: Database, files: PayloadFiles): RunStore['getTrigger'] {
  const record = triggerRecords(database);
  const select = database.statement(`
    SELECT payload, payload_file, context, model_input, warnings, origin FROM triggers WHERE trigger_id = ?`);
  return async (triggerId) => {
    const found = record(triggerId);
    const row = found === null ? undefined : select.get(triggerId);
    if (found === null || row === undefined) return null;
    const payload = await readPayload(row, files);
    if (payload === null) return null;
    return {
      ...found,
      payload,
      context: JSON.parse(textOrNull(row, 'context') ?? '{}'),
      modelInput: textOrNull(row, 'model_input'),
      warnings: JSON.parse(textOrNull(row, 'warnings') ?? '[]'),
      ...originOfRow(row),
    };
  };
}
