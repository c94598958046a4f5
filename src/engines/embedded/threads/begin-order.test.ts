import { describe, expect, test } from '@jest/globals';
import { BeginOrder } from './thread-holder.ts';

/** Longer than code may hold a turn of the event loop before messages are read again. */
const longMs = 5;

describe('the order in which a thread begins runs', () => {
  let begun: string[] = [];
  const hold = () => {
    const from = performance.now();
    while (performance.now() - from < longMs);
  };
  const all = async (count: number) => {
    while (begun.length < count) await new Promise((resolve) => setImmediate(resolve));
  };

  test('is that in which they came, those that a caller waits for before the others', async () => {
    begun = [];
    const order = new BeginOrder();
    for (const name of ['a', 'b']) order.add(() => begun.push(name), false);
    for (const name of ['first', 'second']) order.add(() => begun.push(name), true);
    await all(4);
    expect(begun).toEqual(['first', 'second', 'a', 'b']);
  });

  test('lets one that comes while code holds the thread pass those that have waited', async () => {
    begun = [];
    const order = new BeginOrder();
    order.add(() => {
      setTimeout(() => order.add(() => begun.push('awaited'), true), 1);
      hold();
      begun.push('a');
    }, false);
    for (const name of ['b', 'c']) order.add(() => begun.push(name), false);
    await all(4);
    expect(begun).toEqual(['a', 'awaited', 'b', 'c']);
  });
});
