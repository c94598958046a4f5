import { noteEvent } from '../connectors/note-event.ts';
import type { Engine } from '../ports/engine.ts';
import type { Released } from '../ports/hold-store.ts';
import { nothingReported } from '../ports/run-store.ts';
import type { RunRecord } from '../runs/run.ts';
import { executorLease } from '../triggers/dispatch-trigger.ts';
import { connectorOfKey, type Hold } from './hold.ts';

/** A pass that takes longer leaves the rest to the next one. */
const longestPassMs = 30_000;

/** A change of a pause writes two records; after this time, the second one will not follow. */
const halfChangedMs = 60_000;

/** Runs cancelled between two looks at the clock. */
const cancelledAtATime = 50;

/**
 * Lets the runs of ended holds go on, at their rates, and ends the holds that no pause stands for any more. The engine
 * calls it again before `HoldStore.windowMs` has passed.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function drainHolds(parts: Engine): Promise<void> {
  const { holds, clock, log } = parts;
  const until = clock() + longestPassMs;
  for (const hold of await holds.list()) {
    if (hold.drainingSince === null && !(await isOrphaned(parts, hold, until))) {
      await endOverdue(parts, hold.key, until);
      continue;
    }
    let runs = 0;
    for (let more = true; more && clock() < until; ) {
      const released = await releaseSome(parts, hold.key);
      runs += released.runs;
      more = released.more;
    }
    if (runs > 0) log.info('hold.drained', { hold: hold.key, runs });
  }
}

/** Lets the first runs of an ended hold go on; `drainHolds` continues with the others. */
export function releaseSome(
  { holds, clock }: Pick<Engine, 'holds' | 'clock'>,
  key: string,
): Promise<Released> {
  const now = clock();
  return holds.release(key, now, now + holds.windowMs);
}

/**
 * Ends the hold of a connector that is not paused, because a change of its pause broke off, or that was deleted. The
 * runs that wait for a deleted one are cancelled.
 *
 * @returns whether the hold has ended
 */
async function isOrphaned(parts: Engine, { key, since }: Hold, until: number): Promise<boolean> {
  const connectorId = connectorOfKey(key);
  if (connectorId === null) return false;
  const connector = await parts.connectors.get(connectorId);
  const isOld = parts.clock() - since > halfChangedMs;
  if (connector !== null && (connector.paused !== null || !isOld)) return false;
  if (connector === null && !(await cancelAll(parts, key, until))) return false;
  return parts.holds.drain(key, null, parts.clock());
}

/** Cancels the runs that wait in a hold. @returns whether none is left */
async function cancelAll({ holds, runs, clock }: Engine, key: string, until: number): Promise<boolean> {
  while (clock() < until) {
    const ids = await holds.longestWaiting(key, cancelledAtATime);
    if (ids.length === 0) return true;
    const outcomes = await Promise.all(ids.map((runId) => runs.requestCancel(runId, clock())));
    // What is left in line of runs that have ended goes when the hold ends.
    if (!outcomes.includes('cancelled')) return true;
  }
  return false;
}

/** Runs looked at together. */
const atATime = 10;

/**
 * Fails the runs that have waited in a hold for as long as the store can keep them, so that none disappears without a
 * word.
 *
 * @throws RetryableError when the store is unavailable
 */
async function endOverdue(engine: Engine, key: string, until: number): Promise<void> {
  const { keptMs } = engine.holds;
  if (keptMs === null) return;
  const before = engine.clock() - keptMs;
  for (let left = 0; engine.clock() < until; ) {
    const ids = (await engine.holds.longestWaiting(key, left + atATime)).slice(left);
    const found = await Promise.all(ids.map((runId) => engine.runs.find(runId)));
    for (const run of found) {
      const isOverdue = run !== null && (run.scheduledAt ?? run.queuedAt) < before;
      if (!isOverdue || !(await endRun(engine, run, keptMs))) left++;
    }
    // They wait in the order in which they were queued, which is not the one in which scheduled runs were due.
    const areAllOld = found.every((run) => run === null || run.queuedAt < before);
    if (ids.length < atATime || !areAllOld) return;
  }
}

/** @returns whether it has ended */
async function endRun(engine: Engine, run: RunRecord, keptMs: number): Promise<boolean> {
  const now = engine.clock();
  const lease = executorLease(engine, [], now);
  const claimed = await engine.runs.claim(run.runId, lease);
  if (claimed.outcome !== 'claimed') return false;
  const days = Math.floor(keptMs / 86_400_000);
  const waited = `The run waited for ${days} days, as long as runs are kept, because it was held back.`;
  const message = `${waited} It was not started. Run it again if it is still wanted.`;
  const error = { code: 'held-too-long', message };
  await engine.runs.end(run.runId, lease.owner, {
    ...nothingReported,
    status: 'failed',
    endedAt: now,
    error,
  });
  engine.log.warn('run.held-too-long', { run_id: run.runId, agent: run.agentName, waits_for: run.waitsFor });
  return true;
}

const dayMs = 86_400_000;
/** The rest has to wait for the next time. */
const longestDropMs = 10_000;

/**
 * Drops the deliveries that are still held when their runs are about to be removed, and records that in the histories of
 * their connectors, so that none disappears without a word.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function dropOverdueHeld(engine: Engine): Promise<void> {
  const { deliveries, holds, clock, log } = engine;
  const { keptMs } = holds;
  if (keptMs === null) return;
  const until = clock() + longestDropMs;
  // A day early, so that the run is still there when the operator reads of it.
  const to = clock() - keptMs + Math.min(dayMs, keptMs / 10);
  const days = Math.floor(keptMs / dayMs);
  const reason = `It was still held when its run was about to be removed, after ${days} days.`;
  for (let more = true; more && clock() < until; ) {
    const { items, nextCursor } = await deliveries.list({ status: 'held', to, limit: 100, cursor: null });
    for (const { deliveryId, connectorId } of items) {
      if ((await deliveries.drop(deliveryId, reason)) === null) continue;
      log.warn('delivery.held-too-long', { delivery_id: deliveryId, connector_id: connectorId });
      const today = { key: 'held-too-long', timeMs: clock() - (clock() % dayMs) };
      const detail = `Results were dropped: they were still held when their runs were about to be removed, after ${days} days.`;
      await noteEvent(engine, connectorId, 'delivery.dropped', today, detail);
    }
    more = nextCursor !== null && items.length > 0;
  }
}
