import { drainPace } from '../../../core/control/drain-pace.ts';
import type { Hold } from '../../../core/control/hold.ts';
import type { Slot } from '../../../core/ports/run-store.ts';
import { type Connection, number, numberOrNull, text } from '../store/connection.ts';
import type { RunSlots } from './lease-runs.ts';

/** Runs released per operation: takes some milliseconds. */
const releasedAtATime = 2_000;

export interface ReleasedRows {
  readonly runs: number;
  readonly more: boolean;
  /** Whether the hold is gone: none of its runs waits. */
  readonly isGone: boolean;
  /** Agents of the released runs. */
  readonly agentNames: readonly string[];
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
  const moveOn = connection.statement('UPDATE holds SET next_at = ? WHERE hold_key = ?');
  const selectQueued = connection.statement(`
    SELECT waiting_for IN (SELECT hold_key FROM holds) AS was_held FROM runs WHERE run_id = ? AND status = 'queued'`);
  const markHeld = connection.statement(`
    UPDATE runs SET waiting_for = ?1, available_at = queued_at
    WHERE run_id = ?2 AND EXISTS (SELECT 1 FROM holds WHERE hold_key = ?1 AND draining_since IS NULL)
    RETURNING run_id`);
  const selectNext = connection.statement(`
    SELECT position, agent_name FROM runs WHERE waiting_for = ? ORDER BY available_at, position LIMIT ?`);
  const release = connection.statement(
    'UPDATE runs SET waiting_for = NULL, available_at = ? WHERE position = ?',
  );

  return {
    beginHold(hold: Omit<Hold, 'drainingSince'>): void {
      upsert.run(hold.key, hold.since, hold.by, hold.reason, hold.drainPerMinute);
    },
    /** `false` if there is no such hold. */
    drainHold(key: string, perMinute: number | null, now: number): boolean {
      return drain.get(key, perMinute, now) !== undefined;
    },
    /** `held-before`: the run waited in a hold already. */
    holdRun(runId: string, key: string, wanted: readonly Slot[]): 'held' | 'held-before' | 'free' {
      const queued = selectQueued.get(runId);
      if (queued === undefined || markHeld.get(key, runId) === undefined) return 'free';
      slots.pass(runId, wanted);
      return numberOrNull(queued, 'was_held') === 1 ? 'held-before' : 'held';
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
      const rows = pace.count === 0 ? [] : selectNext.all(key, pace.count);
      for (const [index, row] of rows.entries()) {
        release.run(Math.round(pace.firstAt + index * pace.everyMs), number(row, 'position'));
      }
      const isGone = rows.length < pace.count;
      if (isGone) remove.run(key);
      else moveOn.run(pace.firstAt + rows.length * pace.everyMs, key);
      return {
        runs: rows.length,
        more: rows.length === releasedAtATime,
        isGone,
        agentNames: [...new Set(rows.map((row) => text(row, 'agent_name')))],
      };
    },
  };
}

const nothing: ReleasedRows = { runs: 0, more: false, isGone: false, agentNames: [] };
