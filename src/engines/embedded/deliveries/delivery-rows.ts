import {
  type Attempt,
  type Delivery,
  type DeliveryStatus,
  deliveryStatuses,
} from '../../../core/deliveries/delivery.ts';
import { number, numberOrNull, type Row, text, textOrNull } from '../store/columns.ts';
import type { Database } from '../store/database.ts';

/** Reads a row of `deliveries` together with its attempts. */
export function deliveryReader(database: Database): (row: Row) => Delivery {
  const selectAttempts = database.statement(
    'SELECT * FROM delivery_attempts WHERE delivery_id = ? ORDER BY number',
  );
  return (row) => {
    const deliveryId = text(row, 'delivery_id');
    return {
      deliveryId,
      runId: text(row, 'run_id'),
      agentName: text(row, 'agent_name'),
      connectorId: text(row, 'connector_id'),
      status: statusOfRow(row),
      reason: textOrNull(row, 'reason'),
      attempts: selectAttempts.all(deliveryId).map(attemptOfRow),
      attemptsInSchedule: number(row, 'attempts_in_schedule'),
      nextAttemptAt: numberOrNull(row, 'next_attempt_at'),
      createdAt: number(row, 'created_at'),
    };
  };
}

function attemptOfRow(row: Row): Attempt {
  return {
    at: number(row, 'at'),
    durationMs: number(row, 'duration_ms'),
    statusCode: numberOrNull(row, 'status_code'),
    error: textOrNull(row, 'error'),
    responseExcerpt: textOrNull(row, 'response_excerpt'),
  };
}

function statusOfRow(row: Row): DeliveryStatus {
  const stored = text(row, 'status');
  const status = deliveryStatuses.find((known) => known === stored);
  if (status === undefined) throw new Error(`a delivery is stored with the status ${stored}`);
  return status;
}
