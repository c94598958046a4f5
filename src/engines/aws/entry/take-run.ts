import { executeRun } from '../../../core/runs/execute-run.ts';
import type { AwsEngine } from '../runtime.ts';

/**
 * Executes a queued run, or makes it wait for a place if its agent's concurrency limit is reached. It sends no message
 * for the run: Lambda takes a function that sends to its own queue for a loop and drops the run after about 16 rounds
 * (AWS Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops").
 *
 * @throws RetryableError when the store is unavailable
 */
export async function takeRun(engine: AwsEngine, runId: string): Promise<void> {
  for (;;) {
    const executed = await executeRun(engine, runId);
    if (executed.outcome !== 'busy') return;
    if ((await engine.waitForSlot(runId, executed.slot)) === 'waiting') return;
  }
}
