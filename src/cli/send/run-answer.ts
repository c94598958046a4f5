import * as z from 'zod';
import { runStatuses } from '../../core/runs/run.ts';
import { CliFailure } from '../cli-failure.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';

const runResult = z.object({
  run_id: z.string(),
  agent_name: z.string(),
  status: z.enum(runStatuses),
  output: z.string().nullable(),
  error: z.string().nullable(),
});
export type RunResult = z.infer<typeof runResult>;

/** What an inbound connector answers. */
export const inboundAnswer = z.object({ dispatched_to: z.int(), run_ids: z.array(z.string()) });

/** What a sync connector answers, and its stream in the end. */
export const syncAnswer = z.object({
  status: z.enum(['ok', 'timeout']),
  result: runResult,
  results: z.array(runResult).optional(),
});
export type SyncAnswer = z.infer<typeof syncAnswer>;

/** The results of a sync answer, in link order. */
export function resultsOf(answer: SyncAnswer): readonly RunResult[] {
  return answer.results ?? [answer.result];
}

/**
 * Says of a sync answer what its outputs do not.
 *
 * @throws CliFailure where a run failed or was cancelled
 */
export function judge(answer: SyncAnswer, output: Output): void {
  const results = resultsOf(answer);
  if (answer.status === 'timeout') {
    output.note(`The run did not end in time and continues: npx connectors runs ${answer.result.run_id}`);
  }
  const bad = results.find((result) => result.status === 'failed' || result.status === 'cancelled');
  if (bad === undefined) return;
  const reason = bad.error === null ? '' : `: ${printable(bad.error)}`;
  throw new CliFailure(
    'failed',
    `The run of ${bad.agent_name} ${bad.status === 'failed' ? 'failed' : 'was cancelled'}${reason} (npx connectors logs ${bad.run_id})`,
  );
}
