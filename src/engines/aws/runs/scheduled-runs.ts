import type { RunStore } from '../../../core/ports/run-store.ts';
import type { Run, RunStatus } from '../../../core/runs/run.ts';
import type { Action, Condition } from '../store/expressions.ts';
import { type ItemKey, listedAt, listKey, runKey, runScheduleKey } from '../store/keys.ts';
import type { Item } from '../store/table.ts';
import { findRun, type RunRecords } from './run-records.ts';
import { announceGraceMs, dueFields, dueSince, openPlace, runIdOf, type StoredRun } from './stored-run.ts';

/*
 * Runs that wait for their time. Next to such a run's record is one that lists it by the time at which the reconciler
 * looks at it: only runs that are due soon are read. A message that becomes visible when the run is due starts it.
 */

/** The record of a run's time, if it has one. */
export function scheduleActions(run: Run, now: number, expiresAt: number): Action[] {
  const { runId, agentName, scheduledAt } = run;
  return scheduledAt === null
    ? []
    : [{ put: scheduleItem({ runId, agentName, scheduledAt, now, expiresAt }) }];
}

function scheduleItem(given: {
  readonly runId: string;
  readonly agentName: string;
  readonly scheduledAt: number;
  readonly now: number;
  readonly expiresAt: number;
}): Item & ItemKey {
  const { runId, agentName, scheduledAt, now, expiresAt } = given;
  // Soon due, the run is announced right now, and is looked at only if that message was lost.
  const lookAt = isAnnouncedNow(scheduledAt, now) ? scheduledAt + announceGraceMs : scheduledAt;
  return {
    ...runScheduleKey(runId),
    stateKey: listKey('SCHEDULED-RUN', runId),
    listed: listedAt(lookAt, runId),
    agentName,
    dueAt: scheduledAt,
    expiresAt,
  };
}

/** How long before it is due a run is announced at the earliest, in ms: less than the age of a message that alarms. */
const announcedAheadMs = 300_000;

/** Whether a message can wait until the run is due. */
export function isAnnouncedNow(scheduledAt: number, now: number): boolean {
  return scheduledAt - now <= announcedAheadMs;
}

/**
 * When to look at the queue's message of a scheduled run, in ms from `now`: a second later than due, because the clocks of
 * functions differ, and a run that is not due yet is not taken.
 */
export function messageDelay(scheduledAt: number, now: number): number {
  return scheduledAt - now + 1_000;
}

/** Puts a due run into the queue. `null` if it is not due, or has moved on in the meantime. */
export async function queueDueRun(
  records: RunRecords,
  seen: StoredRun,
  now: number,
): Promise<StoredRun | null> {
  if (dueSince(seen) > now) return null;
  const runId = runIdOf(seen);
  const queued = {
    status: 'queued' as const satisfies RunStatus,
    ...openPlace(runId),
    dueAt: now + announceGraceMs,
    announcements: 0,
  };
  const { outcome } = await records.table.transact([
    { update: runKey(runId), change: { set: queued }, condition: isDueAt(seen.scheduledAt) },
    { delete: runScheduleKey(runId) },
  ]);
  return outcome === 'refused' ? null : records.seen.note({ ...seen, ...queued });
}

/** `RunStore.reschedule`. */
export async function reschedule(
  records: RunRecords,
  runId: string,
  scheduledAt: number,
): ReturnType<RunStore['reschedule']> {
  const seen = await findRun(records, runId);
  if (seen === null) return 'missing';
  if (seen.status !== 'scheduled') return 'not-scheduled';
  const now = records.clock();
  const expiresAt = records.retention.expiryOfUnended(Math.max(scheduledAt, now));
  await records.triggers.keepUntil(seen.triggerId, expiresAt);
  const { agentName } = seen;
  const { outcome } = await records.table.transact([
    {
      update: runKey(runId),
      change: { set: { ...dueFields(scheduledAt), expiresAt } },
      condition: isDueAt(seen.scheduledAt),
    },
    { put: scheduleItem({ runId, agentName, scheduledAt, now, expiresAt }) },
  ]);
  // It was queued, or got another time, in the meantime.
  return outcome === 'refused' ? reschedule(records, runId, scheduledAt) : 'rescheduled';
}

/** The run still waits for this time. */
function isDueAt(scheduledAt: number | null): Condition {
  return {
    expression: '#status = :seenStatus AND #scheduledAt = :seenScheduledAt',
    values: { ':seenStatus': 'scheduled' satisfies RunStatus, ':seenScheduledAt': scheduledAt },
  };
}
