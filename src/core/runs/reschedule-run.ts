import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse, runNotFound } from '../refusal.ts';
import { dueTime, timeText, type When } from './due-time.ts';

export type RescheduleOutcome =
  /** When the run is due now, Unix ms. */
  | { readonly outcome: 'rescheduled'; readonly scheduledAt: number }
  | Refusal<'run-not-found' | 'run-not-scheduled' | 'invalid-request'>;

/**
 * Changes when a scheduled run is due; a delay of 0 starts it now.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function rescheduleRun(
  engine: Engine,
  actor: string,
  runId: string,
  when: When,
): Promise<RescheduleOutcome> {
  const now = engine.clock();
  const due = dueTime(when, now);
  if (due.outcome === 'refused') return due;
  const scheduledAt = due.scheduledAt ?? now;
  const changed = await engine.runs.reschedule(runId, scheduledAt);
  if (changed === 'missing') return runNotFound(runId);
  if (changed === 'not-scheduled') {
    return refuse(
      'run-not-scheduled',
      'The run is not scheduled: it has started, has ended, or waits in the queue.',
    );
  }
  const run = await engine.runs.find(runId);
  if (run !== null) await engine.signals.announceQueued([run]);
  await recordAction(engine, actor, 'run.rescheduled', runId, `Moved to ${timeText(scheduledAt)}.`);
  return { outcome: 'rescheduled', scheduledAt };
}
