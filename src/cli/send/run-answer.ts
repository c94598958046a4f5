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

/** Response of a connector if no linked agent wants the event. */
export const filteredAnswer = z.object({ filtered: z.literal(true) });

export const filteredNote =
  'Filtered: no linked agent wants this event. Why: npx connectors triggers --outcome filtered';

/** Response of an inbound connector. */
export const inboundAnswer = z.object({ dispatched_to: z.int(), run_ids: z.array(z.string()) });

/** Response of a sync connector, and the last event of its stream. */
export const syncAnswer = z.object({
  status: z.enum(['ok', 'timeout', 'paused', 'held']),
  result: runResult,
  results: z.array(runResult).optional(),
});
export type SyncAnswer = z.infer<typeof syncAnswer>;

const whyNotEnded = {
  timeout: 'The run did not end in time and continues',
  paused: 'The run waits until what is paused is resumed (npx connectors resume)',
  held: 'The run waits for a budget that is used up (npx connectors budgets)',
} as const;

/** The results of a sync response, in link order. */
export function resultsOf(answer: SyncAnswer): readonly RunResult[] {
  return answer.results ?? [answer.result];
}

/**
 * Reports what the outputs of a sync response do not show.
 *
 * @throws CliFailure if a run failed or was cancelled
 */
export function judge(answer: SyncAnswer, output: Output): void {
  const results = resultsOf(answer);
  if (answer.status !== 'ok') {
    output.note(`${whyNotEnded[answer.status]}: npx connectors runs ${answer.result.run_id}`);
  }
  const bad = results.find((result) => result.status === 'failed' || result.status === 'cancelled');
  if (bad === undefined) return;
  const reason = bad.error === null ? '' : `: ${printable(bad.error)}`;
  throw new CliFailure(
    'failed',
    `The run of ${bad.agent_name} ${bad.status === 'failed' ? 'failed' : 'was cancelled'}${reason} (npx connectors logs ${bad.run_id})`,
  );
}
