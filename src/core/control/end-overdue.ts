import type { Engine } from '../ports/engine.ts';
import type { RunRecord } from '../runs/run.ts';
import { executorLease } from '../runs/run-lease.ts';
import { emptyTrace } from '../runs/trace.ts';

/** Runs looked at together. */
const atATime = 10;

/**
 * Fails the runs that have waited in a hold for as long as the store can keep them, so that none disappears without a
 * word.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function endOverdue(engine: Engine, key: string, until: number): Promise<void> {
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
  await engine.runs.end(run.runId, lease.owner, {
    status: 'failed',
    endedAt: now,
    output: null,
    error: {
      code: 'held-too-long',
      message: `${waited} It was not started. Run it again if it is still wanted.`,
    },
    tokenUsage: null,
    costUsd: null,
    model: null,
    context: null,
    warnings: null,
    trace: emptyTrace,
  });
  engine.log.warn('run.held-too-long', { run_id: run.runId, agent: run.agentName, waits_for: run.waitsFor });
  return true;
}
