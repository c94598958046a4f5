import { type Hold, holdsDeliveries } from '../../../core/control/hold.ts';
import type { HoldStore } from '../../../core/ports/hold-store.ts';
import type { Changes } from '../changes.ts';
import type { QueueDepthLimiter } from '../runs/run-limits.ts';
import { number, numberOrNull, type Row, text, textOrNull } from '../store/connection.ts';
import type { Database } from '../store/database.ts';

/** Longer than the queue's interval between looks. */
const windowMs = 10_000;

/**
 * Keeps holds in SQLite, and all of them in memory: only this process changes them.
 *
 * @param onReleased called with the agent of runs that go on
 * @param onPending called with the connector of deliveries that go on
 */
export function createHoldStore(
  database: Database,
  changes: Changes,
  queueLimit: QueueDepthLimiter,
  onReleased: (agentName: string) => void,
  onPending: (connectorId: string) => void,
): HoldStore {
  const select = database.statement('SELECT * FROM holds ORDER BY since, hold_key');
  const countWaiting = database.statement(`
    SELECT count(*) AS waiting, min(available_at) AS oldest FROM runs INDEXED BY runs_waiting WHERE waiting_for = ?`);
  const countDeliveries = database.statement(`
    SELECT count(*) AS waiting, min(created_at) AS oldest FROM deliveries INDEXED BY deliveries_waiting
    WHERE waiting_for = ?`);
  const selectLongest = database.statement(`
    SELECT run_id FROM runs INDEXED BY runs_waiting WHERE waiting_for = ? ORDER BY available_at, position LIMIT ?`);
  const read = () => new Map(select.all().map((row) => [text(row, 'hold_key'), holdOfRow(row)]));
  let holds: ReadonlyMap<string, Hold> = read();

  return {
    windowMs,
    keptMs: null,
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
    async holdDelivery(delivery, owner, hold) {
      const row = await database.write('holdDeliveryIn', delivery.deliveryId, owner, hold);
      if (row === undefined) return 'free';
      const { reason } = hold;
      changes.publish(() => ({
        type: 'delivery.updated',
        delivery: { ...delivery, status: 'held', reason, nextAttemptAt: null },
      }));
      return 'held';
    },
    async release(key, now, until) {
      const { runs, more, isGone, lanes } = await database.write('releaseHeld', key, now, until);
      if (isGone) holds = read();
      if (holdsDeliveries(key)) {
        for (const connectorId of lanes) onPending(connectorId);
      } else {
        queueLimit.givenBack(runs);
        for (const agentName of lanes) onReleased(agentName);
      }
      return { runs, more };
    },
    async longestWaiting(key, limit) {
      return selectLongest.all(key, limit).map((row) => text(row, 'run_id'));
    },
    async waiting(key) {
      const counting = holdsDeliveries(key) ? countDeliveries : countWaiting;
      const row = counting.get(key) ?? { waiting: 0, oldest: null };
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
