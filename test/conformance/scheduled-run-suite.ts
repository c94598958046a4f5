import { describe, expect, test } from '@jest/globals';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someId, someLease, storeEndedRun, storeRun } from './samples.ts';

const hourMs = 3_600_000;
const page = { limit: 100, cursor: null };

/** Runs that wait for a time. */
export function describeScheduledRuns(open: OpenPorts): void {
  describe('a scheduled run', () => {
    const ports = freshPorts(open, 1);
    const schedule = (scheduledAt = noon + hourMs, agents = ['clerk']) =>
      storeRun(ports().runs, { agents, run: { status: 'scheduled', scheduledAt } });
    const listed = async (statuses: readonly ('scheduled' | 'queued' | 'cancelled')[]) =>
      (await ports().runs.list({ ...page, statuses })).items.map(({ runId }) => runId);

    test('has its time, and cannot be claimed before it', async () => {
      const runId = await schedule();
      expect(await ports().runs.get(runId)).toMatchObject({
        status: 'scheduled',
        queuedAt: noon,
        scheduledAt: noon + hourMs,
        startedAt: null,
      });
      const early = await ports().runs.claim(runId, someLease('a', noon + hourMs - 1));
      expect(early.outcome).toBe('not-claimable');
    });

    test('is listed by its status, apart from queued runs', async () => {
      const scheduled = await schedule();
      const queued = await storeRun(ports().runs, { at: noon + 1 });
      expect(await listed(['scheduled'])).toEqual([scheduled]);
      expect(await listed(['queued'])).toEqual([queued]);
      expect(await listed(['scheduled', 'queued'])).toEqual([queued, scheduled]);
    });

    test('is not held before it is due', async () => {
      const key = 'hold:deployment';
      const hold = {
        key,
        since: noon,
        by: 'ann',
        reason: 'paused',
        drainPerMinute: null,
        drainingSince: null,
      };
      await ports().holds.begin(hold);
      const runId = await schedule(Date.now() + 24 * hourMs);
      expect(await ports().holds.holdRun(runId, key, [], Date.now())).toBe('free');
      expect(await ports().runs.find(runId)).toMatchObject({ status: 'scheduled', waitsFor: null });
    });

    test('is not in the queue: it takes no place there, and counts apart', async () => {
      const runs = [await schedule(), await schedule()];
      expect(runs.every((runId) => runId !== '')).toBe(true);
      expect(await ports().runs.queueDepth()).toEqual({ queued: 0, held: 0, oldestQueuedAt: null });
      const queued = await storeRun(ports().runs);
      expect(await ports().runs.get(queued)).toMatchObject({ status: 'queued', scheduledAt: null });
      const stats = await ports().runs.stats({ from: noon, to: noon + hourMs, bucketMs: hourMs });
      expect(stats.buckets[0]?.runs).toMatchObject({ scheduled: 2, queued: 1, running: 0 });
    });

    test('gets another time, earlier or later', async () => {
      const runId = await schedule();
      expect(await ports().runs.reschedule(runId, noon + 24 * hourMs)).toBe('rescheduled');
      expect(await ports().runs.find(runId)).toMatchObject({
        status: 'scheduled',
        scheduledAt: noon + 24 * hourMs,
      });
      expect(await ports().runs.reschedule(runId, noon + 1)).toBe('rescheduled');
      expect(await ports().runs.find(runId)).toMatchObject({ scheduledAt: noon + 1 });
    });

    test('keeps its payload, however large', async () => {
      const payload = { text: 'x'.repeat(300_000) };
      const run = { status: 'scheduled', scheduledAt: noon + hourMs, payload } as const;
      const runId = await storeRun(ports().runs, { run });
      await ports().runs.reschedule(runId, noon + 300 * 24 * hourMs);
      expect((await ports().runs.get(runId))?.payload.value).toEqual(payload);
    });

    test('is cancelled at once, and never gets a time again', async () => {
      const runId = await schedule();
      expect(await ports().runs.requestCancel(runId, noon + 5)).toBe('cancelled');
      expect(await ports().runs.get(runId)).toMatchObject({
        status: 'cancelled',
        endedAt: noon + 5,
        startedAt: null,
      });
      expect(await listed(['scheduled'])).toEqual([]);
      expect(await ports().runs.reschedule(runId, noon + 10)).toBe('not-scheduled');
    });

    test('only a scheduled run gets another time', async () => {
      expect(await ports().runs.reschedule(await storeRun(ports().runs), noon + 10)).toBe('not-scheduled');
      expect(await ports().runs.reschedule(someId(), noon + 10)).toBe('missing');
    });

    test('does not hide ended runs of its agent', async () => {
      await schedule();
      const ended = await storeEndedRun(ports().runs);
      const { items } = await ports().runs.list({ ...page, statuses: ['completed'] });
      expect(items.map(({ runId }) => runId)).toEqual([ended]);
    });
  });
}
