import type { Hold } from '../../../core/control/hold.ts';
import type { HoldStore } from '../../../core/ports/hold-store.ts';
import type { QueueDepthLimiter } from '../runs/run-limits.ts';
import { number, numberOrNull, type Row, text, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';

/** Longer than the queue's interval between looks. */
const windowMs = 10_000;

/**
 * Keeps holds in SQLite, and all of them in memory: only this process changes them.
 *
 * @param onReleased called with the agent of runs that go on
 */
export function createHoldStore(
  database: Database,
  queueLimit: QueueDepthLimiter,
  onReleased: (agentName: string) => void,
): HoldStore {
  const select = database.statement('SELECT * FROM holds ORDER BY since, hold_key');
  const countWaiting = database.statement(`
    SELECT count(*) AS waiting, min(available_at) AS oldest FROM runs INDEXED BY runs_waiting WHERE waiting_for = ?`);
  const selectLongest = database.statement(`
    SELECT run_id FROM runs INDEXED BY runs_waiting WHERE waiting_for = ? ORDER BY available_at, position LIMIT ?`);
  const read = () => new Map(select.all().map((row) => [text(row, 'hold_key'), holdOfRow(row)]));
  let holds: ReadonlyMap<string, Hold> = read();

  return {
    windowMs,
    known: async () => holds,
    atHand: () => holds,
    list: async () => [...holds.values()],
    async begin(hold) {
      await database.write('beginHold', hold);
      holds = read();
    },
    async drain(key, perMinute, now) {
      const isHold = await database.write('drainHold', key, perMinute, now);
      holds = read();
      return isHold;
    },
    async holdRun(runId, key, slots) {
      if (holds.get(key)?.drainingSince !== null) return 'free';
      const held = await database.write('holdRun', runId, key, slots);
      if (held === 'held') queueLimit.left();
      return held === 'free' ? held : 'held';
    },
    async release(key, now, until) {
      const { runs, more, isGone, agentNames } = await database.write('releaseHeld', key, now, until);
      if (isGone) holds = read();
      queueLimit.givenBack(runs);
      for (const agentName of agentNames) onReleased(agentName);
      return { runs, more };
    },
    async longestWaiting(key, limit) {
      return selectLongest.all(key, limit).map((row) => text(row, 'run_id'));
    },
    async waiting(key) {
      const row = countWaiting.get(key) ?? { waiting: 0, oldest: null };
      return { count: number(row, 'waiting'), oldestQueuedAt: numberOrNull(row, 'oldest'), more: false };
    },
  };
}

function holdOfRow(row: Row): Hold {
  return {
    key: text(row, 'hold_key'),
    since: number(row, 'since'),
    by: textOrNull(row, 'by'),
    reason: text(row, 'reason'),
    drainPerMinute: numberOrNull(row, 'drain_per_minute'),
    drainingSince: numberOrNull(row, 'draining_since'),
  };
}
