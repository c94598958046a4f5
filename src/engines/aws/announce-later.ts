import type { Run } from '../../core/run.ts';
import { runKey } from './keys.ts';
import type { RunRecords } from './run-records.ts';
import { announceGraceMs } from './stored-run.ts';

/**
 * Lets a queued run wait for `delayMs` (at most 15 minutes) before somebody looks at it again: with a message that comes
 * then, and the reconciler only after that.
 */
export async function announceLater(
  records: RunRecords,
  run: Pick<Run, 'runId' | 'agentName'>,
  delayMs: number,
): Promise<void> {
  const { runId, agentName } = run;
  const later = { dueAt: records.clock() + delayMs + announceGraceMs, announcements: 0 };
  const stillQueued = { expression: '#status = :queued', values: { ':queued': 'queued' } };
  const queued = await records.table.update(runKey(runId), { set: later }, stillQueued);
  if (queued !== null) await records.queue.send([{ id: runId, group: agentName }], delayMs);
}
