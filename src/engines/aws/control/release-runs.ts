import type { DrainPace } from '../../../core/control/drain-pace.ts';
import type { RunRecords } from '../runs/run-records.ts';
import type { WaitingRun } from '../runs/slots.ts';
import { announceGraceMs } from '../runs/stored-run.ts';
import { runKey } from '../store/keys.ts';

/** Records written at a time. */
const writtenAtATime = 25;

/**
 * Lets runs go on that wait in a hold: each gets a message that arrives at its time. If this breaks off, the reconciler
 * or the next release finds those that were not reached.
 */
export async function letGoOn(
  records: RunRecords,
  key: string,
  runs: readonly WaitingRun[],
  { firstAt, everyMs }: Pick<DrainPace, 'firstAt' | 'everyMs'>,
  now: number,
): Promise<void> {
  /** Runs by the second in which they go on, counted from now: messages are delayed by whole seconds. */
  const bySecond = new Map<number, WaitingRun[]>();
  for (const [index, run] of runs.entries()) {
    const second = Math.max(0, Math.ceil((firstAt + index * everyMs - now) / 1_000));
    bySecond.set(second, [...(bySecond.get(second) ?? []), run]);
  }
  for (const [second, due] of bySecond) {
    for (let start = 0; start < due.length; start += writtenAtATime) {
      const portion = due.slice(start, start + writtenAtATime);
      await Promise.all(portion.map((run) => leaveLine(records, key, run, now + second * 1_000)));
      await records.queue.send(
        portion.map(({ runId, agentName }) => ({ id: runId, group: agentName })),
        second * 1_000,
      );
    }
  }
}

/** The run's own record first: if this breaks off, the line still shows the run. */
async function leaveLine(
  { table }: RunRecords,
  key: string,
  { pk, sk, runId }: WaitingRun,
  at: number,
): Promise<void> {
  await table.update(
    runKey(runId),
    { set: { dueAt: at + announceGraceMs, announcements: 0 }, remove: ['waitsFor'] },
    { expression: '#waitsFor = :key AND #status = :queued', values: { ':key': key, ':queued': 'queued' } },
  );
  await table.delete({ pk, sk });
}
