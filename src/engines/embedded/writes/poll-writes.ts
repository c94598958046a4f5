import { RetryableError } from '../../../core/errors.ts';
import type { Connection } from '../store/connection.ts';

/** A cursor move, each place as JSON; `null` before the first poll. */
export interface MoveRow {
  readonly connectorId: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** The outcome of a poll. */
export interface SettledPoll {
  readonly connectorId: string;
  /** Unix ms at which the poll was due. A different stored time means that the connector has changed meanwhile. */
  readonly dueAt: number;
  readonly nextPollAt: number;
  /** JSON. */
  readonly health: string;
}

/** Writes to the cursors and times of polls. `now` is when the next poll was computed, Unix ms. */
export function pollWrites(connection: Connection) {
  const put = connection.statement(`
    INSERT INTO polls (connector_id, next_poll_at, reckoned_at) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET next_poll_at = excluded.next_poll_at, reckoned_at = excluded.reckoned_at, health = NULL`);
  const rest = connection.statement(
    'UPDATE polls SET next_poll_at = NULL, health = NULL WHERE connector_id = ?',
  );
  const settle = connection.statement(`
    UPDATE polls SET next_poll_at = ?, reckoned_at = ?, health = ? WHERE connector_id = ? AND next_poll_at = ?`);
  const hurry = connection.statement(
    'UPDATE polls SET next_poll_at = ?1, reckoned_at = ?1 WHERE connector_id = ?2 AND next_poll_at > ?1',
  );
  const remove = connection.statement('DELETE FROM polls WHERE connector_id = ?');
  const move = connection.statement('UPDATE polls SET cursor = ? WHERE connector_id = ? AND cursor IS ?');
  return {
    /** Polls the connector from `nextPollAt` on, starting at its cursor if it has one. */
    putPoll(connectorId: string, nextPollAt: number, now: number): void {
      put.run(connectorId, nextPollAt, now);
    },
    /** Stops polling the connector. Its cursor stays. */
    restPoll(connectorId: string): void {
      rest.run(connectorId);
    },
    settlePoll({ connectorId, dueAt, nextPollAt, health }: SettledPoll, now: number): void {
      settle.run(nextPollAt, now, health, connectorId, dueAt);
    },
    /** Polls the connector now if its next poll is later. */
    hurryPoll(connectorId: string, now: number): void {
      hurry.run(now, connectorId);
    },
    removePoll(connectorId: string): void {
      remove.run(connectorId);
    },
    /** @throws RetryableError if the cursor is elsewhere: nothing of the transaction is written then */
    moveCursor({ connectorId, from, to }: MoveRow): void {
      if (move.run(to, connectorId, from) > 0) return;
      throw new RetryableError('The connector is no longer polled from there.');
    },
  };
}
