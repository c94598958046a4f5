import { describe, expect, test } from '@jest/globals';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someEnd, someLease, storeEndedRun, storeRun } from './samples.ts';

const hour = 3_600_000;
const usage = { input: 1, output: 2, total: 3, cached: 0, reasoning: 0 };

/** Statistics over runs, and what waits. */
export function describeRunStats(open: OpenPorts): void {
  describe('statistics', () => {
    const ports = freshPorts(open);

    test('count runs, tokens, cost and durations by time of queueing', async () => {
      for (let n = 1; n <= 20; n++) {
        const end = { endedAt: noon + n * 100, tokenUsage: usage, costUsd: 0.5 };
        await storeEndedRun(ports().runs, end, { at: noon });
      }
      await storeEndedRun(ports().runs, { status: 'failed', endedAt: noon + hour + 7 }, { at: noon + hour });
      await storeRun(ports().runs, { at: noon + hour, agents: ['poet'] });
      const query = { from: noon, to: noon + 3 * hour, bucketMs: hour };

      const [first, second, third, ...more] = (await ports().runs.stats(query)).buckets;
      expect(first).toEqual({
        from: noon,
        runs: { scheduled: 0, queued: 0, running: 0, completed: 20, failed: 0, cancelled: 0 },
        tokens: { input: 20, output: 40, total: 60 },
        costUsd: 10,
        durationMs: { p50: expect.any(Number), p95: expect.any(Number) },
      });
      expect(Math.abs((first?.durationMs?.p50 ?? 0) / 1_000 - 1)).toBeLessThanOrEqual(0.01);
      expect(Math.abs((first?.durationMs?.p95 ?? 0) / 1_900 - 1)).toBeLessThanOrEqual(0.01);
      expect(second).toMatchObject({ runs: { queued: 1, failed: 1 }, durationMs: { p50: 7, p95: 7 } });
      expect(third).toMatchObject({ from: noon + 2 * hour, runs: { completed: 0 }, durationMs: null });
      expect(more).toEqual([]);

      const [, poets] = (await ports().runs.stats({ ...query, agentName: 'poet' })).buckets;
      expect(poets).toMatchObject({ runs: { queued: 1, failed: 0 }, durationMs: null });
    });

    test('tell of each connector how many runs it has started, how many failed, and when the last one came', async () => {
      const ofConnector = (at: number, status: 'completed' | 'failed') =>
        storeEndedRun(ports().runs, { status, endedAt: at + 30 }, { at, connectorId: 'orders' });
      await ofConnector(noon, 'completed');
      await ofConnector(noon + 20, 'failed');
      await storeRun(ports().runs, { at: noon + 10, connectorId: 'orders' });
      await storeRun(ports().runs, { at: noon + 40, connectorId: 'alarms' });
      await storeEndedRun(ports().runs, {}, { at: noon });
      const query = { from: noon, to: noon + hour, bucketMs: hour };
      const { byConnector } = await ports().runs.stats(query);
      expect(Object.fromEntries(byConnector)).toEqual({
        orders: { runs: 3, failed: 1, lastQueuedAt: noon + 20 },
        alarms: { runs: 1, failed: 0, lastQueuedAt: noon + 40 },
      });
    });

    test('are grouped by agent and by model in the same pass', async () => {
      const store = (agent: string, model: string | null, costUsd: number | null, at = noon) =>
        storeEndedRun(
          ports().runs,
          { model, costUsd, tokenUsage: model === null ? null : usage, endedAt: at + 30 },
          { agents: [agent], at },
        );
      await store('clerk', 'a/large', 0.5);
      await store('clerk', 'a/large', 0.25, noon + hour);
      await store('clerk', 'b/small', null);
      await store('poet', 'b/small', 0.125);
      await store('smith', 'c/own', null);
      await store('drummer', null, null);
      await store('late', 'a/large', 4, noon + 3 * hour);

      const query = { from: noon, to: noon + 2 * hour, bucketMs: hour };
      const { byAgent, byModel } = await ports().runs.stats(query);
      expect([...byAgent.keys()].sort()).toEqual(['clerk', 'drummer', 'poet', 'smith']);
      expect(byAgent.get('clerk')).toMatchObject({
        runs: { completed: 3 },
        tokens: { total: 9 },
        costUsd: 0.75,
        durationMs: { p50: 30, p95: 30 },
      });
      expect(byAgent.get('drummer')).toMatchObject({
        runs: { completed: 1 },
        tokens: { total: 0 },
        costUsd: 0,
      });
      expect([...byModel.keys()].sort()).toEqual(['a/large', 'b/small', 'c/own']);
      expect(byModel.get('a/large')).toMatchObject({ runs: { completed: 2 }, costUsd: 0.75 });
      expect(byModel.get('b/small')).toMatchObject({ tokens: { total: 6 }, costUsd: 0.125 });
      for (const unpriced of [byAgent.get('smith'), byModel.get('c/own')]) {
        expect(unpriced).toMatchObject({ tokens: { total: 3 }, costUsd: null });
      }

      const ofPoet = await ports().runs.stats({ ...query, agentName: 'poet' });
      expect([...ofPoet.byAgent.keys()]).toEqual(['poet']);
      expect([...ofPoet.byModel.keys()]).toEqual(['b/small']);
    });
  });

  describe('the queue', () => {
    const ports = freshPorts(open);

    test('is as deep as runs wait, for their turn or for a place, since the oldest was queued', async () => {
      const { runs } = ports();
      expect(await runs.queueDepth()).toEqual({ queued: 0, held: 0, oldestQueuedAt: null });
      const slot = [{ key: 'one at a time', limit: 1 }];
      const busy = await storeRun(runs, { at: noon });
      await runs.claim(busy, someLease('a', noon, slot));
      const waiting = await storeRun(runs, { at: noon + 1 });
      await runs.claim(waiting, someLease('b', noon + 1, slot));
      await storeRun(runs, { at: noon + 2, agents: ['poet'] });
      expect(await runs.queueDepth()).toEqual({ queued: 2, held: 0, oldestQueuedAt: noon + 1 });
      await runs.requestCancel(waiting, noon + 3);
      await runs.end(busy, 'a', someEnd());
      expect(await runs.queueDepth()).toEqual({ queued: 1, held: 0, oldestQueuedAt: noon + 2 });
    });
  });
}
