import type { Attempt, Delivery } from '../../../core/deliveries/delivery.ts';
import type { AfterAttempt } from '../../../core/ports/delivery-store.ts';
import type { Connection, Row } from '../store/connection.ts';
import { TimedPositions } from '../store/timed-positions.ts';

/** A delivery without attempts. */
export type PlannedDelivery = Omit<Delivery, 'attempts'>;

/** Writes to deliveries. Returned rows are of `deliveries`; no row means that nothing was written. */
export function deliveryWrites(connection: Connection) {
  const insert = insertDelivery(connection);
  const leaveOutbox = connection.statement('DELETE FROM outbox WHERE run_id = ?');
  const claim = connection.statement(`
    UPDATE deliveries SET lease_owner = ?, available_at = ?
    WHERE delivery_id = ? AND status = 'pending' AND available_at <= ? RETURNING *`);
  const record = connection.statement(`
    UPDATE deliveries SET status = ?, next_attempt_at = ?, available_at = ?, lease_owner = NULL,
      attempts_in_schedule = attempts_in_schedule + 1
    WHERE delivery_id = ? AND lease_owner = ? AND status = 'pending' RETURNING *`);
  const addAttempt = connection.statement(`
    INSERT INTO delivery_attempts (delivery_id, number, at, duration_ms, status_code, error, response_excerpt,
      response_headers, sent, parts_sent)
    SELECT ?, 1 + count(*), ?, ?, ?, ?, ?, ?, ?, ? FROM delivery_attempts WHERE delivery_id = ?`);
  const release = connection.statement(`
    UPDATE deliveries SET available_at = ?, lease_owner = NULL
    WHERE delivery_id = ? AND lease_owner = ? AND status = 'pending' RETURNING *`);
  const hold = connection.statement(`
    UPDATE deliveries SET status = 'held', reason = ?, next_attempt_at = NULL, available_at = NULL, lease_owner = NULL
    WHERE delivery_id = ? AND lease_owner = ? AND status = 'pending' RETURNING *`);
  const drop = connection.statement(`
    UPDATE deliveries SET status = 'cancelled', reason = ?, waiting_for = NULL WHERE delivery_id = ? AND status = 'held' RETURNING *`);
  const redeliver = connection.statement(`
    UPDATE deliveries SET status = 'pending', reason = NULL, waiting_for = NULL, attempts_in_schedule = 0, next_attempt_at = ?1,
      available_at = ?1, lease_owner = NULL
    WHERE delivery_id = ?2 AND (status <> 'pending' OR next_attempt_at > ?1) RETURNING *`);
  const hurry = connection.statement(`
    UPDATE deliveries SET next_attempt_at = ?1, available_at = ?1
    WHERE delivery_id = ?2 AND status = 'pending' AND lease_owner IS NULL AND next_attempt_at > ?1 RETURNING *`);

  return {
    /** Plans each delivery once; existing ones return no row. */
    planDeliveries(runId: string, deliveries: readonly PlannedDelivery[]): Row[] {
      leaveOutbox.run(runId);
      return deliveries.map(insert).filter((row) => row !== undefined);
    },
    /** Stores each delivery once; existing ones return no row. */
    addDeliveries(deliveries: readonly PlannedDelivery[]): Row[] {
      return deliveries.map(insert).filter((row) => row !== undefined);
    },
    claimDelivery(deliveryId: string, owner: string, now: number, until: number): Row | undefined {
      return claim.get(owner, until, deliveryId, now);
    },
    recordAttempt(deliveryId: string, owner: string, attempt: Attempt, next: AfterAttempt): Row | undefined {
      const { status, nextAttemptAt } = next;
      const recorded = record.get(status, nextAttemptAt, nextAttemptAt, deliveryId, owner);
      if (recorded === undefined) return undefined;
      const { at, durationMs, statusCode, error, responseExcerpt } = attempt;
      const texts = [responseExcerpt, jsonOrNull(attempt.responseHeaders), jsonOrNull(attempt.sent)] as const;
      const parts = attempt.partsSent ?? null;
      addAttempt.run(deliveryId, at, durationMs, statusCode, error, ...texts, parts, deliveryId);
      return recorded;
    },
    releaseDelivery(deliveryId: string, owner: string, availableAt: number): Row | undefined {
      return release.get(availableAt, deliveryId, owner);
    },
    holdDelivery(deliveryId: string, owner: string, reason: string): Row | undefined {
      return hold.get(reason, deliveryId, owner);
    },
    dropDelivery(deliveryId: string, reason: string): Row | undefined {
      return drop.get(reason, deliveryId);
    },
    redeliver(deliveryId: string, now: number): Row | undefined {
      return redeliver.get(now, deliveryId);
    },
    hurryDelivery(deliveryId: string, now: number): Row | undefined {
      return hurry.get(now, deliveryId);
    },
  };
}

function jsonOrNull(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function insertDelivery(connection: Connection): (delivery: PlannedDelivery) => Row | undefined {
  const positions = new TimedPositions(connection, 'deliveries');
  const insert = connection.statement(`
    INSERT INTO deliveries (position, delivery_id, run_id, agent_name, connector_id, status, reason,
      attempts_in_schedule, next_attempt_at, available_at, created_at, event)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (delivery_id) DO NOTHING RETURNING *`);
  return ({
    deliveryId,
    runId,
    agentName,
    connectorId,
    status,
    reason,
    attemptsInSchedule,
    nextAttemptAt,
    createdAt,
    event,
  }) =>
    insert.get(
      positions.next(createdAt),
      deliveryId,
      runId,
      agentName,
      connectorId,
      status,
      reason,
      attemptsInSchedule,
      nextAttemptAt,
      nextAttemptAt,
      createdAt,
      jsonOrNull(event),
    );
}
