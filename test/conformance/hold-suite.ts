import { describe, expect, test } from '@jest/globals';
import { holdKeys } from '../../src/core/control/hold.ts';
import type { StorePorts } from '../../src/core/ports/engine.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someDelivery, someEnd, someId, someInterruption, someLease, storeRun } from './samples.ts';

const key = holdKeys.agent('clerk');
const hold = {
  key,
  since: noon,
  by: 'jane',
  reason: 'The agent is paused.',
  drainPerMinute: null,
};
const later = noon + 10_000;

/** Runs that wait until a hold ends. */
export function describeHolds(open: OpenPorts): void {
  describe('holds', () => {
    const ports = freshPorts(open);

    test('are listed oldest first, known by key, and gone when they end with nothing waiting', async () => {
      const { holds } = ports();
      await holds.begin({ ...hold, key: holdKeys.deployment, since: noon + 1 });
      await holds.begin(hold);
      expect(await holds.list()).toEqual([
        { ...hold, drainingSince: null },
        { ...hold, key: holdKeys.deployment, since: noon + 1, drainingSince: null },
      ]);
      expect([...(await holds.known()).keys()].sort()).toEqual([key, holdKeys.deployment].sort());
      expect((await holds.known()).get(key)).toEqual({ ...hold, drainingSince: null });
      expect(await holds.drain(key, 60, noon + 5)).toBe(true);
      expect((await holds.known()).get(key)).toMatchObject({ drainPerMinute: 60, drainingSince: noon + 5 });
      expect(await holds.release(key, noon + 5, later)).toEqual({ runs: 0, more: false });
      expect((await holds.list()).map((one) => one.key)).toEqual([holdKeys.deployment]);
      expect(await holds.drain(key, null, noon)).toBe(false);
      expect(await holds.release(key, noon, later)).toEqual({ runs: 0, more: false });
    });

    test('a queued run waits in a hold, is counted as held, and can be cancelled there', async () => {
      const { holds, runs } = ports();
      const [first, second] = [await storeRun(runs), await storeRun(runs, { at: noon + 1 })];
      expect(await holds.holdRun(first, key, [], noon)).toBe('free');
      await holds.begin(hold);
      expect(await holds.holdRun(first, key, [], noon)).toBe('held');
      expect(await holds.holdRun(first, key, [], noon)).toBe('held');
      expect(await holds.holdRun(second, key, [], noon)).toBe('held');
      expect(await runs.find(first)).toMatchObject({ status: 'queued', waitsFor: key });
      expect(await holds.waiting(key)).toEqual({ count: 2, oldestQueuedAt: noon, more: false });
      expect(await runs.queueDepth()).toEqual({ queued: 2, held: 2, oldestQueuedAt: null });
      await storeRun(runs, { at: noon + 2 });
      expect(await runs.queueDepth()).toEqual({ queued: 3, held: 2, oldestQueuedAt: noon + 2 });
      expect(await runs.requestCancel(first, noon + 2)).toBe('cancelled');
      expect(await holds.waiting(key)).toEqual({ count: 1, oldestQueuedAt: noon + 1, more: false });
      expect(await holds.holdRun(first, key, [], noon)).toBe('free');
      expect(await holds.holdRun(someId(), key, [], noon)).toBe('free');
    });

    test('all runs of a hold that ends without a rate go on at once', async () => {
      const { holds, runs } = ports();
      await holds.begin(hold);
      const ids = await storeHeld(ports(), 3);
      expect(await holds.release(key, noon, later)).toEqual({ runs: 0, more: false });
      await holds.drain(key, null, noon);
      expect(await holds.release(key, noon, later)).toMatchObject({ runs: 3 });
      // The runs of new events do not wait behind them for the next look.
      expect(await holds.list()).toEqual([]);
      expect(await holds.holdRun(await storeRun(runs, { at: later }), key, [], later)).toBe('free');
      for (const runId of ids) {
        expect(await runs.find(runId)).toMatchObject({ waitsFor: null });
        expect(await runs.claim(runId, someLease('a', later))).toMatchObject({ outcome: 'claimed' });
      }
    });

    test('go on in the order in which they were queued, as many as the rate allows', async () => {
      const { holds, runs } = ports();
      await holds.begin(hold);
      const ids = (await storeHeld(ports(), 10, -1)).reverse();
      await holds.drain(key, 60, noon);
      // One a second: at 0, 1, 2 and 3 s.
      expect(await holds.release(key, noon, noon + 3_500)).toMatchObject({ runs: 4 });
      const waiting = await Promise.all(ids.map(async (id) => (await runs.find(id))?.waitsFor));
      expect(waiting).toEqual([...Array(4).fill(null), ...Array(6).fill(key)]);
      // The next one is due in the fourth second, however often the engine asks.
      expect(await holds.release(key, noon + 1_000, noon + 3_500)).toMatchObject({ runs: 0 });
      expect(await holds.release(key, noon + 3_900, noon + 5_100)).toMatchObject({ runs: 2 });
      // A pause of the engine is not caught up on.
      expect(await holds.release(key, noon + 60_000, noon + 60_500)).toMatchObject({ runs: 1 });
      expect(await holds.waiting(key)).toMatchObject({ count: 3 });
    });

    test('a hold that begins again during a drain holds the rest, and runs that have not started yet', async () => {
      const { holds, runs } = ports();
      await holds.begin(hold);
      const ids = await storeHeld(ports(), 4);
      await holds.drain(key, 60, noon);
      expect(await holds.release(key, noon, noon + 1_500)).toMatchObject({ runs: 2 });
      await holds.begin({ ...hold, since: noon + 1_000 });
      expect(await holds.release(key, noon + 2_000, later)).toEqual({ runs: 0, more: false });
      expect(await holds.holdRun(ids[1] ?? '', key, [], noon)).toBe('held');
      expect(await holds.waiting(key)).toMatchObject({ count: 3, oldestQueuedAt: noon + 1 });
      await holds.drain(key, 60, later);
      expect(await holds.release(key, later, later + 500)).toMatchObject({ runs: 1 });
      expect(await runs.find(ids[1] ?? '')).toMatchObject({ waitsFor: null });
      expect(await runs.find(ids[2] ?? '')).toMatchObject({ waitsFor: key });
    });

    test('runs that a drain has let go on are not held again, and the rate can change on the way', async () => {
      const { holds } = ports();
      await holds.begin(hold);
      const [first = '', second = ''] = await storeHeld(ports(), 2);
      await holds.drain(key, 60, noon);
      await holds.release(key, noon, noon + 100);
      expect(await holds.holdRun(first, key, [], noon)).toBe('free');
      expect(await holds.drain(key, null, noon + 200)).toBe(true);
      expect(await holds.release(key, noon + 200, noon + 300)).toMatchObject({ runs: 1 });
      expect(await holds.holdRun(second, key, [], noon)).toBe('free');
    });

    test('deliveries wait in a hold, and are sent in order when it has ended', async () => {
      const { deliveries, holds } = ports();
      const receiver = { ...hold, key: holdKeys.receiver('receiver'), reason: 'The connector is paused.' };
      const active = { ...receiver, drainingSince: null };
      const planned = [2, 1, 0].map((n) => {
        const at = noon + n;
        return someDelivery({ deliveryId: someId(at), createdAt: at, nextAttemptAt: at });
      });
      const [third, second, first] = planned.map(({ deliveryId }) => deliveryId);
      for (const delivery of planned.toReversed()) await deliveries.plan(delivery.runId, [delivery]);
      const claim = async (id = '', owner = 'sender', now = later) => {
        const delivery = await deliveries.claim(id, owner, now, now + 60_000);
        if (delivery === null) throw new Error('the delivery is not due');
        return delivery;
      };
      expect(await holds.holdDelivery(await claim(third), 'sender', active)).toBe('free');
      await deliveries.release(third ?? '', 'sender', noon);
      await holds.begin(receiver);
      for (const id of [third, first, second])
        expect(await holds.holdDelivery(await claim(id), 'sender', active)).toBe('held');
      expect(await deliveries.get(first ?? '')).toMatchObject({ status: 'held', reason: receiver.reason });
      expect(await holds.waiting(receiver.key)).toEqual({ count: 3, oldestQueuedAt: noon, more: false });
      await holds.drain(receiver.key, 60, later);
      expect(await holds.release(receiver.key, later, later + 500)).toMatchObject({ runs: 1 });
      expect(await deliveries.get(first ?? '')).toMatchObject({
        status: 'pending',
        reason: null,
        nextAttemptAt: later,
      });
      expect(await holds.holdDelivery(await claim(first), 'sender', active)).toBe('free');
      await deliveries.drop(second ?? '', 'An operator dropped the delivery.');
      await holds.drain(receiver.key, null, later + 1_000);
      for (let more = true; more; ) {
        await holds.release(receiver.key, later + 1_000, later + 1_000);
        more = (await holds.list()).length > 0;
      }
      expect(await deliveries.get(second ?? '')).toMatchObject({ status: 'cancelled' });
      expect(await deliveries.get(third ?? '')).toMatchObject({
        status: 'pending',
        nextAttemptAt: later + 1_000,
      });
    });

    test('a run whose lease has lapsed waits in a hold as an interrupted one, and gives its place to others', async () => {
      const { holds, runs } = ports();
      const slots = [{ key: 'clerk', limit: 1 }];
      const [lapsed, other] = [await storeRun(runs), await storeRun(runs, { at: noon + 1 })];
      const lease = someLease('a', noon, slots);
      await runs.claim(lapsed, lease);
      await holds.begin(hold);
      expect(await holds.holdRun(lapsed, key, slots, lease.until - 1)).toBe('free');
      expect(await runs.find(lapsed)).toMatchObject({ status: 'running' });
      expect(await holds.holdRun(lapsed, key, slots, lease.until)).toBe('held');
      expect(await runs.find(lapsed)).toMatchObject({
        status: 'queued',
        waitsFor: key,
        startedAt: null,
        attempts: 0,
        interruptions: [{ role: 'suspect' }],
      });
      expect(await holds.waiting(key)).toEqual({ count: 1, oldestQueuedAt: noon, more: false });
      expect(await runs.end(lapsed, 'a', someEnd())).toBe('lost');
      const next = someLease('b', lease.until, slots);
      expect(await runs.claim(other, next)).toMatchObject({ outcome: 'claimed' });
      await runs.end(other, 'b', someEnd());
      await holds.drain(key, null, lease.until);
      await holds.release(key, lease.until, lease.until + 10_000);
      const again = someLease('c', lease.until + 10_000, slots);
      expect(await runs.claim(lapsed, again)).toMatchObject({ outcome: 'claimed' });
    });

    test('a held run keeps no place from other runs, and is not woken by a free one', async () => {
      const { holds, runs } = ports();
      const slots = [{ key: 'clerk', limit: 1 }];
      const [running, held, other] = [
        await storeRun(runs),
        await storeRun(runs, { at: noon + 1 }),
        await storeRun(runs, { at: noon + 2 }),
      ];
      await runs.claim(running, someLease('a', noon + 2, slots));
      await holds.begin(hold);
      expect(await holds.holdRun(held, key, slots, noon)).toBe('held');
      await runs.release(running, 'a', noon + 2, someInterruption);
      expect(await runs.find(held)).toMatchObject({ waitsFor: key });
      expect(await runs.claim(other, someLease('b', noon + 2, slots))).toMatchObject({ outcome: 'claimed' });
    });
  });
}

/** Stores runs that wait in the hold, one each ms, or backwards. */
async function storeHeld({ holds, runs }: StorePorts, count: number, step = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const runId = await storeRun(runs, { at: noon + index * step });
    await holds.holdRun(runId, key, [], noon);
    ids.push(runId);
  }
  return ids;
}
