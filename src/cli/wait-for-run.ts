import { setTimeout as wait } from 'node:timers/promises';
import type { WireRun } from '../api/contract/index.ts';
import { hasEnded } from '../core/runs/run.ts';
import type { ApiClient } from './api-client.ts';
import { CliFailure } from './cli-failure.ts';
import type { CommandContext } from './open-context.ts';
import { printable } from './printable.ts';
import { whileWaiting } from './spinner.ts';

const firstPauseMs = 50;
const longestPauseMs = 1_000;

/**
 * Waits for a run to end and prints its output.
 *
 * @throws CliFailure if the run failed or was cancelled
 */
export async function printOutputOf({ api, output }: CommandContext, runId: string): Promise<void> {
  const run = await whileWaiting(`run ${runId}`, () => endedRun(api, runId));
  output.answer(run, () => run.output && printable(run.output));
  for (const warning of run.warnings) output.note(printable(warning));
  if (run.status === 'completed') return;
  const reason = run.error === null ? '' : `: ${printable(run.error.message)} (${run.error.code})`;
  const ended = run.status === 'failed' ? 'failed' : 'was cancelled';
  throw new CliFailure('failed', `The run ${ended}${reason}\nSee: npx connectors logs ${runId}`);
}

async function endedRun(api: ApiClient, runId: string): Promise<WireRun> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const run = await api.getRun(runId);
    if (hasEnded(run.status)) return run;
    await wait(pauseMs);
  }
}
