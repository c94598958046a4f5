import { drainPace } from '../../../core/control/drain-pace.ts';
import { type Hold, holdsDeliveries } from '../../../core/control/hold.ts';
import type { Slot } from '../../../core/ports/run-store.ts';
import { type Connection, number, numberOrNull, type Row, text } from '../store/connection.ts';
import { lapsedRuns, type RunSlots } from './run-writes.ts';

/** Runs released per operation: takes some milliseconds. */
const releasedAtATime = 2_000;

export interface ReleasedRows {
  readonly runs: number;
  readonly more: boolean;
  /** Whether the hold is gone: none of its runs waits. */
  readonly isGone: boolean;
  /** Agents of the released runs, or connectors of the released deliveries. */
  readonly lanes: readonly string[];
}

/** Holds, and the runs that wait in them. Each waits at the place of its queueing time. */
export function holdWrites(connection: Connection, slots: RunSlots) {
  const upsert = connection.statement(`
    INSERT OR REPLACE INTO holds (hold_key, since, by, reason, drain_per_minute) VALUES (?, ?, ?, ?, ?)`);
  const drain = connection.statement(`
    UPDATE holds SET drain_per_minute = ?2, draining_since = coalesce(draining_since, ?3), next_at = coalesce(next_at, ?3)
    WHERE hold_key = ?1 RETURNING hold_key`);
  const select = connection.statement('SELECT * FROM holds WHERE hold_key = ?');
  const remove = connection.statement('DELETE FROM holds WHERE hold_key = ?');
  const moveOn = connection.statement('UPDATE holds SET next_at = ?, up_to = ? WHERE hold_key = ?');
  const selectQueued = connection.statement(`
    SELECT waiting_for IN (SELECT hold_key FROM holds) AS was_held FROM runs WHERE run_id = ? AND status = 'queued'`);
  const selectLapsed = connection.statement(`
    SELECT run_id, slot_keys, if_lost FROM runs
    WHERE run_id = ?1 AND status = 'running' AND lease_until <= ?2 AND EXISTS (
      SELECT 1 FROM holds WHERE hold_key = ?3 AND draining_since IS NULL)`);
  const putBackLapsed = lapsedRuns(connection, slots);
  const markHeld = connection.statement(`
    UPDATE runs SET waiting_for = ?1, available_at = queued_at
    WHERE run_id = ?2 AND EXISTS (SELECT 1 FROM holds WHERE hold_key = ?1 AND draining_since IS NULL)
    RETURNING run_id`);
  const markDelivery = connection.statement(`
    UPDATE deliveries SET status = 'held', reason = ?1, waiting_for = ?2, next_attempt_at = NULL, available_at = NULL,
      lease_owner = NULL
    WHERE delivery_id = ?3 AND lease_owner = ?4 AND status = 'pending' AND EXISTS (
      SELECT 1 FROM holds WHERE hold_key = ?2
        AND (draining_since IS NULL OR deliveries.position > coalesce(up_to, -1)))
    RETURNING *`);
  const nextDeliveries = connection.statement(`
    SELECT position, connector_id AS lane FROM deliveries INDEXED BY deliveries_waiting
    WHERE waiting_for = ? ORDER BY position LIMIT ?`);
  const leaveHold = connection.statement('UPDATE deliveries SET waiting_for = NULL WHERE position = ?');
  const sendOn = connection.statement(`
    UPDATE deliveries SET status = 'pending', reason = NULL, next_attempt_at = ?1, available_at = ?1
    WHERE position = ?2 AND status = 'held'`);
  const nextRuns = connection.statement(`
    SELECT position, agent_name AS lane FROM runs WHERE waiting_for = ? ORDER BY available_at, position LIMIT ?`);
  const release = connection.statement(
    'UPDATE runs SET waiting_for = NULL, available_at = ? WHERE position = ?',
  );

  const letGoOn = (key: string, position: number, at: number) => {
    if (!holdsDeliveries(key)) return release.run(at, position);
    leaveHold.run(position);
    return sendOn.run(at, position);
  };

  return {
    beginHold(hold: Omit<Hold, 'drainingSince'>): void {
      upsert.run(hold.key, hold.since, hold.by, hold.reason, hold.drainPerMinute);
    },
    /** `false` if there is no such hold. */
    drainHold(key: string, perMinute: number | null, now: number): boolean {
      return drain.get(key, perMinute, now) !== undefined;
    },
    /** `held-before`: the run did not count as queued, because it waited in a hold already or its lease had lapsed. */
    holdRun(
      runId: string,
      key: string,
      wanted: readonly Slot[],
      now: number,
    ): 'held' | 'held-before' | 'free' {
      const lapsed = selectLapsed.get(runId, now, key);
      if (lapsed !== undefined) putBackLapsed(lapsed, now);
      const queued = selectQueued.get(runId);
      if (queued === undefined || markHeld.get(key, runId) === undefined) return 'free';
      slots.pass(runId, wanted);
      return lapsed !== undefined || numberOrNull(queued, 'was_held') === 1 ? 'held-before' : 'held';
    },
    /** The row of the held delivery; `undefined` if it goes on, or `owner` has lost it. */
    holdDeliveryIn(deliveryId: string, owner: string, hold: Pick<Hold, 'key' | 'reason'>): Row | undefined {
      return markDelivery.get(hold.reason, hold.key, deliveryId, owner);
    },
    releaseHeld(key: string, now: number, until: number): ReleasedRows {
      const hold = select.get(key);
      if (hold === undefined || hold['draining_since'] === null) return nothing;
      const pace = drainPace(
        numberOrNull(hold, 'drain_per_minute'),
        number(hold, 'next_at'),
        now,
        until,
        releasedAtATime,
      );
      const next = holdsDeliveries(key) ? nextDeliveries : nextRuns;
      const rows = pace.count === 0 ? [] : next.all(key, pace.count);
      for (const [index, row] of rows.entries()) {
        letGoOn(key, number(row, 'position'), Math.round(pace.firstAt + index * pace.everyMs));
      }
      const last = rows.at(-1);
      const isGone = rows.length < pace.count;
      if (isGone) remove.run(key);
      else if (last !== undefined)
        moveOn.run(pace.firstAt + rows.length * pace.everyMs, number(last, 'position'), key);
      return {
        runs: rows.length,
        more: rows.length === releasedAtATime,
        isGone,
        lanes: [...new Set(rows.map((row) => text(row, 'lane')))],
      };
    },
  };
}

const nothing: ReleasedRows = { runs: 0, more: false, isGone: false, lanes: [] };
