import { afterEach, describe, expect, test } from '@jest/globals';
import { noon, someDispatch } from '../../../../test/conformance/samples.ts';
import { openTestStores, type TestStores } from '../../../../test/embedded/test-stores.ts';
import { holdKeys } from '../../../core/control/hold.ts';

const key = holdKeys.connector('orders');
const hold = { key, since: noon, by: 'jane', reason: 'The connector is paused.', drainPerMinute: null };
const events = 50_000;
const lookEveryMs = 5_000;

let opened: TestStores;
afterEach(() => opened.close());

/** Positions of the runs in their queue, with the time at which each may start. */
function released({ database }: TestStores) {
  const rows = database
    .statement(
      'SELECT position, available_at FROM runs WHERE waiting_for IS NULL ORDER BY available_at, position',
    )
    .all();
  return rows.map((row) => ({ position: Number(row['position']), at: Number(row['available_at']) }));
}

describe('a drain', () => {
  test('of 50,000 runs keeps their order and the rate, across a restart, and loses none', async () => {
    opened = await openTestStores();
    await opened.ports.holds.begin(hold);
    for (let first = 0; first < events; first += 1_000) {
      const dispatches = Array.from({ length: 1_000 }, (_, n) =>
        someDispatch({ at: noon + first + n, connectorId: 'orders', run: { waitsFor: key } }),
      );
      await opened.ports.runs.dispatchAll(dispatches);
    }
    opened = await opened.reopen();
    expect(await opened.ports.holds.waiting(key)).toMatchObject({ count: events, oldestQueuedAt: noon });

    const start = noon + 3_600_000;
    await opened.ports.holds.drain(key, 600, start);
    let now = start;
    const tick = async () => {
      const { holds } = opened.ports;
      for (let more = true; more; ) ({ more } = await holds.release(key, now, now + holds.windowMs));
      now += lookEveryMs;
    };
    while (now < start + 1_800_000) await tick();
    const before = await opened.ports.holds.waiting(key);
    opened = await opened.reopen();
    expect(await opened.ports.holds.waiting(key)).toEqual(before);
    while ((await opened.ports.holds.list()).length > 0) await tick();

    const runs = released(opened);
    expect(runs).toHaveLength(events);
    const isInOrder = runs.every(({ position }, index) => position > (runs[index - 1]?.position ?? 0));
    expect(isInOrder).toBe(true);
    // 600 a minute is one every 100 ms.
    expect(runs[0]?.at).toBe(start);
    expect(runs.every(({ at }, index) => at === start + index * 100)).toBe(true);
  }, 120_000);
});
