import type { AwsEngine } from '../runtime.ts';

/** The pause between two looks whether a run may start, in ms: a quarter of its wait so far, within these bounds. */
const shortestPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * Puts a run back into the queue that its agent's concurrency limit keeps from starting. A message of its own, and not
 * the one that came: waiting for a turn is no failure, however often it has to be looked at.
 */
export async function waitForTurn(engine: AwsEngine, runId: string): Promise<void> {
  const run = await engine.runs.find(runId);
  if (run === null) return;
  await engine.announceLater(run, pauseMs(engine.clock() - run.queuedAt));
}

/** @param waitedMs since the run was queued */
export function pauseMs(waitedMs: number): number {
  return Math.min(longestPauseMs, Math.max(shortestPauseMs, waitedMs / 4));
}
