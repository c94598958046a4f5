import type { Attempt, Delivery } from '../../../core/deliveries/delivery.ts';
import type { DeadLetter } from '../../../core/ports/dead-letter-store.ts';
import type { AfterAttempt } from '../../../core/ports/delivery-store.ts';
import { type Connection, number, type Row, TimedPositions, text, textOrNull } from '../store/connection.ts';

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
      attempts_in_schedule, next_attempt_at, available_at, created_at, event, message)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (delivery_id) DO NOTHING RETURNING *`);
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
    message,
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
      jsonOrNull(message),
    );
}

/** The `source` of dead letters from delivery planning. */
export const planningSource = 'plan-deliveries';

/** Writes to the outbox of ended runs, and to dead letters of planning and other steps. */
export function planningWrites(connection: Connection) {
  const countFailure = connection.statement(
    'UPDATE outbox SET failures = failures + 1 WHERE run_id = ? RETURNING failures',
  );
  const setDue = connection.statement('UPDATE outbox SET due_at = ? WHERE run_id = ?');
  const putBack = connection.statement(
    'INSERT OR REPLACE INTO outbox (run_id, failures, due_at) VALUES (?, 0, 0)',
  );
  const leaveOutbox = connection.statement('DELETE FROM outbox WHERE run_id = ?');
  const insertLetter = connection.statement(`
    INSERT INTO dead_letters (dead_letter_id, at, source, reason, connector_id, run_id, body)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);
  const selectLetter = connection.statement(
    'SELECT source, run_id FROM dead_letters WHERE dead_letter_id = ?',
  );
  const removeLetter = connection.statement('DELETE FROM dead_letters WHERE dead_letter_id = ?');
  return {
    /**
     * Counts a planning failure, and makes the run due again after the wait for this many failures.
     * @returns how often planning has failed, including this time
     */
    putOffPlanning(runId: string, now: number, delaysMs: readonly number[]): number {
      const row = countFailure.get(runId);
      const failures = row === undefined ? 0 : number(row, 'failures');
      setDue.run(now + (delaysMs[failures - 1] ?? 0), runId);
      return failures;
    },
    leaveOutbox(runId: string): void {
      leaveOutbox.run(runId);
    },
    putDeadLetter({ deadLetterId, at, source, reason, connectorId, runId, body }: DeadLetter): void {
      insertLetter.run(deadLetterId, at, source, reason, connectorId, runId, JSON.stringify(body));
    },
    /** Returns a dead letter's run to the outbox. Other steps retry their own dead letters. */
    retryDeadLetter(deadLetterId: string): 'retried' | 'missing' | 'of-another-step' {
      const row = selectLetter.get(deadLetterId);
      if (row === undefined) return 'missing';
      if (text(row, 'source') !== planningSource) return 'of-another-step';
      putBack.run(textOrNull(row, 'run_id') ?? '');
      removeLetter.run(deadLetterId);
      return 'retried';
    },
    /** @returns whether the dead letter existed */
    removeDeadLetter(deadLetterId: string): boolean {
      return removeLetter.run(deadLetterId) > 0;
    },
  };
}
