import { describe, expect, test } from '@jest/globals';
import type { Budget } from '../../src/core/budgets/budget.ts';
import { type Counter, maxBudgets, type Reservation } from '../../src/core/ports/budget-store.ts';
import { freshPorts, type OpenPorts } from './ports-under-test.ts';
import { noon, someId } from './samples.ts';

/** Budgets and what runs use of them. */
export function describeBudgets(open: OpenPorts): void {
  describe('budgets', () => {
    const ports = freshPorts(open);

    test('are kept as they are, in the order of their creation, and known at once', async () => {
      const { budgets } = ports();
      expect(await budgets.list()).toEqual([]);
      expect(await budgets.inForce()).toEqual([]);
      const [first, second] = [
        someBudget('first'),
        someBudget('second', { scope: { type: 'agent', id: 'clerk' } }),
      ];
      expect(await budgets.create(first)).toBe('created');
      expect(await budgets.create(second)).toBe('created');
      expect(await budgets.list()).toEqual([first, second]);
      expect(await budgets.inForce()).toEqual([first, second]);
      expect(budgets.atHand()).toEqual([first, second]);
    });

    test('have a name each', async () => {
      const { budgets } = ports();
      const [first, second] = [someBudget('daily'), someBudget('weekly')];
      await budgets.create(first);
      await budgets.create(second);
      expect(await budgets.create(someBudget('daily'))).toBe('name-taken');
      expect(await budgets.replace({ ...second, name: 'daily', version: 2 })).toBe('name-taken');
      expect(await budgets.list()).toEqual([first, second]);
    });

    test('are changed only from the version that was read', async () => {
      const { budgets } = ports();
      const budget = someBudget('daily');
      await budgets.create(budget);
      const raised = { ...budget, limit: 2, version: 2 };
      expect(await budgets.replace(raised)).toBe('replaced');
      expect(await budgets.replace(raised)).toBe('changed-meanwhile');
      expect(await budgets.replace({ ...someBudget('other'), version: 2 })).toBe('missing');
      expect(await budgets.list()).toEqual([raised]);
      expect(await budgets.delete(budget.budgetId)).toBe('deleted');
      expect(await budgets.delete(budget.budgetId)).toBe('missing');
      expect(await budgets.list()).toEqual([]);
    });

    test(`are ${maxBudgets} at most`, async () => {
      const { budgets } = ports();
      for (let count = 0; count < maxBudgets; count++) await budgets.create(someBudget(`budget ${count}`));
      expect(await budgets.create(someBudget('one more'))).toBe('too-many');
    });
  });

  describe('the counters of budgets', () => {
    const ports = freshPorts(open);
    const until = noon + 60_000;

    test('count what was used in place of what was reserved', async () => {
      const { budgets } = ports();
      const counter = someCounter();
      expect(await budgets.usage([counter])).toEqual([{ used: 0, reserved: 0 }]);
      const id = someId(noon);
      expect(await budgets.reserve(id, [some(counter, 40)], until)).toEqual({ outcome: 'reserved' });
      expect(await budgets.usage([counter])).toEqual([{ used: 0, reserved: 40 }]);
      const settled = await budgets.settle(id, [{ counter, reserved: 40, used: 15 }]);
      expect(settled).toEqual([{ counter, used: 15, reserved: 0 }]);
      expect(await budgets.usage([counter])).toEqual([{ used: 15, reserved: 0 }]);
      expect(await budgets.recentUsage([counter])).toEqual([{ used: 15, reserved: 0 }]);
    });

    test('refuse what does not fit, and let the last reservation use up the rest', async () => {
      const { budgets } = ports();
      const counter = someCounter();
      const first = someId(noon);
      await budgets.reserve(first, [some(counter, 70)], until);
      expect(await budgets.reserve(someId(noon), [some(counter, 31)], until)).toEqual({
        outcome: 'refused',
        at: 0,
        usage: { used: 0, reserved: 70 },
      });
      await budgets.settle(first, [{ counter, reserved: 70, used: 99 }]);
      const last = someId(noon);
      expect(await budgets.reserve(last, [some(counter, 50)], until)).toEqual({ outcome: 'reserved' });
      await budgets.settle(last, [{ counter, reserved: 50, used: 50 }]);
      expect(await budgets.reserve(someId(noon), [some(counter, 1)], until)).toMatchObject({
        outcome: 'refused',
        usage: { used: 149, reserved: 0 },
      });
    });

    test('are reserved all or none', async () => {
      const { budgets } = ports();
      const [wide, narrow] = [someCounter(), someCounter()];
      await budgets.reserve(someId(noon), [some(narrow, 90)], until);
      const refused = await budgets.reserve(someId(noon), [some(wide, 20), some(narrow, 20)], until);
      expect(refused).toEqual({ outcome: 'refused', at: 1, usage: { used: 0, reserved: 90 } });
      expect(await budgets.usage([wide, narrow])).toEqual([
        { used: 0, reserved: 0 },
        { used: 0, reserved: 90 },
      ]);
      const both = someId(noon);
      const fitting = [some(wide, 10), some(narrow, 10)];
      expect(await budgets.reserve(both, fitting, until)).toEqual({ outcome: 'reserved' });
      const settlements = [wide, narrow].map((counter) => ({ counter, reserved: 10, used: 4 }));
      expect(await budgets.settle(both, settlements)).toHaveLength(2);
      expect(await budgets.usage([wide, narrow])).toEqual([
        { used: 4, reserved: 0 },
        { used: 4, reserved: 90 },
      ]);
    });

    test('count a reservation once, however often it is made and settled', async () => {
      const { budgets } = ports();
      const [counter, other] = [someCounter(), someCounter()];
      const id = someId(noon);
      const reservations = [some(counter, 40), some(other, 40)];
      for (const wanted of [reservations, reservations]) {
        expect(await budgets.reserve(id, wanted, until)).toEqual({ outcome: 'reserved' });
      }
      const settlement = { counter, reserved: 40, used: 30 };
      expect(await budgets.settle(id, [settlement])).toHaveLength(1);
      expect(await budgets.settle(id, [settlement])).toEqual([]);
      expect(await budgets.usage([counter, other])).toEqual([
        { used: 30, reserved: 0 },
        { used: 0, reserved: 40 },
      ]);
    });

    test('never pass the limit by more than one reservation, whatever happens at once', async () => {
      const { budgets } = ports();
      const counter = someCounter();
      const ids = Array.from({ length: 50 }, () => someId(noon));
      const reserved = await Promise.all(ids.map((id) => budgets.reserve(id, [some(counter, 7)], until)));
      const taken = ids.filter((_, index) => reserved[index]?.outcome === 'reserved');
      expect(taken).toHaveLength(14);
      await Promise.all(taken.map((id) => budgets.settle(id, [{ counter, reserved: 7, used: 7 }])));
      expect(await budgets.usage([counter])).toEqual([{ used: 98, reserved: 0 }]);
    });

    test('count a reservation that nobody has settled in time as used', async () => {
      const { budgets } = ports();
      await budgets.create(someBudget('daily', { budgetId }));
      const counter = someCounter({ from: startOfDay, key: '' });
      const lapsed = someId(noon);
      await budgets.reserve(lapsed, [some(counter, 40)], until);
      await budgets.reserve(someId(noon), [some(counter, 30)], until + 1);
      await budgets.settleLapsed(until - 1);
      expect(await budgets.usage([counter])).toEqual([{ used: 0, reserved: 70 }]);
      await budgets.settleLapsed(until);
      expect(await budgets.usage([counter])).toEqual([{ used: 40, reserved: 30 }]);
      expect(await budgets.settle(lapsed, [{ counter, reserved: 40, used: 1 }])).toEqual([]);
      expect(await budgets.usage([counter])).toEqual([{ used: 40, reserved: 30 }]);
    });

    test('tell which key of a budget has used the most in a period', async () => {
      const { budgets } = ports();
      expect(await budgets.fullest(budgetId, noon)).toBeNull();
      const amounts = { jane: 10, joe: 30, jim: 20 };
      for (const [key, amount] of Object.entries(amounts)) {
        await budgets.reserve(someId(noon), [some(someCounter({ from: noon, key }), amount)], until);
      }
      await budgets.reserve(someId(noon), [some(someCounter({ from: noon + 1, key: 'jane' }), 90)], until);
      expect(await budgets.fullest(budgetId, noon)).toEqual({ used: 0, reserved: 30 });
    });
  });
}

const budgetId = '0199d5b0-0000-7000-8000-000000000001';

function someBudget(name: string, given: Partial<Budget> = {}): Budget {
  return {
    budgetId: someId(noon),
    name,
    scope: { type: 'deployment', id: null },
    measure: 'usd',
    period: 'day',
    timeZone: 'UTC',
    limit: 1,
    warnAt: 80,
    onLimit: 'hold',
    createdAt: noon,
    version: 1,
    ...given,
  };
}

/** The day of `noon` in UTC. */
const startOfDay = noon - 12 * 3_600_000;

let counters = 0;

function someCounter(given: Partial<Counter> = {}): Counter {
  return { budgetId, from: noon, key: `key ${counters++}`, ...given };
}

/** A reservation of a counter with the limit 100. */
function some(counter: Counter, amount: number): Reservation {
  return { counter, amount, limit: 100, expiresAt: noon + 86_400_000 };
}
