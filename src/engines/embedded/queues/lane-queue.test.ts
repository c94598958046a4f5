import { afterEach, describe, expect, test } from '@jest/globals';
import { LaneQueue } from './lane-queue.ts';
import type { LaneSource } from './lane-source.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** In-memory work that ends when the test says so. */
class Desk implements LaneSource {
  readonly #waiting: { lane: string; id: string; dueAt: number }[] = [];
  readonly #going = new Map<string, () => void>();
  readonly done: string[] = [];
  /** By id. */
  readonly bytes = new Map<string, number>();
  mostAtATime = 0;

  put(lane: string, id: string, dueAt = 0): void {
    this.#waiting.push({ lane, id, dueAt });
  }
  going(): string[] {
    return [...this.#going.keys()];
  }
  finish(id: string): void {
    this.#going.get(id)?.();
  }

  bytesOf = (id: string) => this.bytes.get(id) ?? 0;
  lanes = () => [...new Set(this.#waiting.map(({ lane }) => lane))];
  due = (lane: string, now: number, limit: number) =>
    this.#waiting
      .filter((work) => work.lane === lane && work.dueAt <= now)
      .slice(0, limit)
      .map(({ id }) => id);
  nextDueAt = (lane: string) => {
    const times = this.#waiting.filter((work) => work.lane === lane).map(({ dueAt }) => dueAt);
    return times.length === 0 ? null : Math.min(...times);
  };
  async work(id: string): Promise<void> {
    const at = this.#waiting.findIndex((work) => work.id === id);
    this.#waiting.splice(at, 1);
    await new Promise<void>((finished) => {
      this.#going.set(id, finished);
      this.mostAtATime = Math.max(this.mostAtATime, this.#going.size);
    });
    this.#going.delete(id);
    this.done.push(id);
  }
}

describe('a queue with lanes', () => {
  let queue: LaneQueue;
  afterEach(() => queue.stop());

  const start = (source: LaneSource, given = {}) => {
    queue = new LaneQueue(source, {
      failureEvent: 'work.failed',
      maxInFlight: 8,
      maxInFlightPerLane: 8,
      clock: Date.now,
      log: silent,
      ...given,
    });
    queue.start();
    return queue;
  };
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  test('does as much at a time as memory allows, and nothing that needs memory passes what waits for it', async () => {
    const desk = new Desk();
    const put = (lane: string, id: string, bytes: number) => {
      desk.bytes.set(id, bytes);
      desk.put(lane, id);
    };
    for (const id of ['a1', 'a2', 'a3']) put('a', id, 40);
    start(desk, { maxBytesInFlight: 100, maxInFlightPerLane: 8 });
    await until(() => desk.going().length === 2);
    put('b', 'b-small', 10);
    put('c', 'c-without', 0);
    for (const lane of ['b', 'c']) queue.announce(lane);
    await until(() => desk.going().includes('c-without'));
    expect(desk.going()).toEqual(['a1', 'a2', 'c-without']);
    desk.finish('a2');
    await until(() => desk.going().includes('b-small'));
    expect(desk.going()).toEqual(['a1', 'c-without', 'a3', 'b-small']);
  });

  test('does what is larger than all memory alone', async () => {
    const desk = new Desk();
    for (const [id, bytes] of [
      ['huge', 500],
      ['next', 1],
    ] as const) {
      desk.bytes.set(id, bytes);
      desk.put('a', id);
    }
    start(desk, { maxBytesInFlight: 100 });
    await until(() => desk.going().length === 1);
    queue.announce('a');
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(desk.going()).toEqual(['huge']);
    desk.finish('huge');
    await until(() => desk.going().includes('next'));
  });

  test('finds what was there before it started, and what is announced', async () => {
    const desk = new Desk();
    desk.put('a', 'a1');
    start(desk);
    await until(() => desk.going().includes('a1'));
    desk.put('b', 'b1');
    queue.announce('b');
    await until(() => desk.going().includes('b1'));
  });

  test('leaves room for others when one lane is flooded', async () => {
    const desk = new Desk();
    for (let n = 0; n < 100; n++) desk.put('flood', `flood${n}`);
    start(desk);
    await until(() => desk.going().length === 6);
    desk.put('small', 'small1');
    queue.announce('small');
    await until(() => desk.going().includes('small1'));
    expect(desk.going().filter((id) => id.startsWith('flood'))).toHaveLength(6);
  });

  test('takes the lanes by turns', async () => {
    const desk = new Desk();
    for (let n = 0; n < 4; n++) for (const lane of ['a', 'b', 'c']) desk.put(lane, `${lane}${n}`);
    start(desk, { maxInFlight: 3 });
    await until(() => desk.going().length === 3);
    expect(desk.going().map((id) => id[0])).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  });

  test('does no more at a time than it may, in all and in each lane, and comes to an end', async () => {
    const desk = new Desk();
    for (let n = 0; n < 20; n++) for (const lane of ['a', 'b', 'c', 'd']) desk.put(lane, `${lane}${n}`);
    start(desk, { maxInFlight: 5, maxInFlightPerLane: 2 });
    while (desk.done.length < 80) {
      await until(() => desk.going().length > 0);
      for (const lane of ['a', 'b', 'c', 'd']) {
        expect(desk.going().filter((id) => id.startsWith(lane)).length).toBeLessThanOrEqual(2);
      }
      for (const id of desk.going()) desk.finish(id);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(desk.mostAtATime).toBeLessThanOrEqual(5);
    expect(new Set(desk.done).size).toBe(80);
  });

  test('starts no more of a lane than has a place', async () => {
    const desk = new Desk();
    for (let n = 0; n < 5; n++) desk.put('a', `a${n}`);
    const { lanes, due, nextDueAt } = desk;
    start({ lanes, due, nextDueAt, work: (id) => desk.work(id), places: () => 2 - desk.going().length });
    for (let n = 0; n < 5; n++) {
      await until(() => desk.going().length > 0);
      expect(desk.going().length).toBeLessThanOrEqual(2);
      desk.finish(desk.going()[0] ?? '');
      await until(() => desk.done.length === n + 1);
    }
    expect(desk.mostAtATime).toBe(2);
  });

  test('starts the portion that it may, and still comes to an end', async () => {
    const desk = new Desk();
    for (let n = 0; n < 6; n++) desk.put('a', `a${n}`);
    const portions: number[] = [];
    let inPortion = 0;
    const endPortion = () => {
      portions.push(inPortion);
      inPortion = 0;
    };
    const work = (id: string) => {
      // All work of a portion begins in the same turn of the event loop.
      if (inPortion === 0) setImmediate(endPortion);
      inPortion += 1;
      return desk.work(id);
    };
    start({ ...desk, bytesOf: desk.bytesOf, work }, { portion: () => 2 });
    await until(() => desk.going().length === 6);
    await until(() => portions.length === 3);
    expect(portions).toEqual([2, 2, 2]);
  });

  test('starts one after some time where it may start less than one at a time', async () => {
    const desk = new Desk();
    for (let n = 0; n < 3; n++) desk.put('a', `a${n}`);
    let portions = 0;
    start(desk, {
      portion() {
        portions++;
        return 0.25;
      },
    });
    await until(() => desk.going().length === 3);
    expect(portions).toBeGreaterThanOrEqual(3 * 4);
  });

  test('does what is due later when it is due', async () => {
    const desk = new Desk();
    const dueAt = Date.now() + 60;
    desk.put('a', 'a1', dueAt);
    start(desk);
    await until(() => desk.going().includes('a1'));
    expect(Date.now()).toBeGreaterThanOrEqual(dueAt);
  });

  test('goes on after work that threw', async () => {
    const desk = new Desk();
    let thrown = false;
    desk.put('a', 'a1');
    start({
      lanes: desk.lanes,
      due: desk.due,
      nextDueAt: desk.nextDueAt,
      work: async (id) => {
        if (thrown) return desk.work(id);
        thrown = true;
        throw new Error('the store is away');
      },
    });
    await until(() => desk.going().includes('a1'));
    expect(thrown).toBe(true);
  });

  test('when stopped it takes nothing, and is idle when what is going on has ended', async () => {
    const desk = new Desk();
    desk.put('a', 'a1');
    start(desk);
    await until(() => desk.going().includes('a1'));
    queue.stop();
    desk.put('a', 'a2');
    queue.announce('a');
    desk.finish('a1');
    await queue.whenIdle();
    expect(desk.going()).toEqual([]);
    expect(desk.done).toEqual(['a1']);
  });
});
