import * as z from 'zod';
import type { Budget } from '../../../core/budgets/budget.ts';
import type { BudgetStore, Counter, Reservation, Usage } from '../../../core/ports/budget-store.ts';
import { expiringCache } from '../store/expiring-cache.ts';
import type { Condition, ItemChange } from '../store/expressions.ts';
import { budgetCounterBounds, budgetCounterKey, budgetPartition } from '../store/keys.ts';
import { allItems, type Item, type Table } from '../store/table.ts';
import { expiryAttribute } from '../store/table-schema.ts';

/*
 * A counter is one item: what is used, what is reserved, their sum (a condition cannot add), and one attribute for each
 * reservation, so that a reservation is taken and settled once, in one conditional write.
 */

type Counters = Pick<
  BudgetStore,
  'reserve' | 'settle' | 'usage' | 'recentUsage' | 'fullest' | 'settleLapsed'
>;

const storedCounter = z.looseObject({
  pk: z.string(),
  sk: z.string(),
  used: z.number().default(0),
  reserved: z.number().default(0),
});
const storedReservation = z.object({ amount: z.number(), until: z.number() });

/** How old the usage may be by which triggers are refused, in ms. */
const recentMs = 5_000;
/** No call of a model takes longer: the longest timeout of an agent. */
const longestCallMs = 2 * 86_400_000;

export function budgetCounters(
  table: Table,
  clock: () => number,
  budgets: () => Promise<readonly Budget[]>,
): Counters {
  const recent = expiringCache<Usage>(recentMs);

  const usageOf = async (counter: Counter): Promise<Usage> => usageOfItem(await table.get(keyOf(counter)));

  const settle = async (reservationId: string, counter: Counter, reserved: number, used: number) => {
    const attribute = attributeOf(reservationId);
    const change: ItemChange = {
      remove: [attribute],
      add: { used, reserved: -reserved, committed: used - reserved },
    };
    return table.update(keyOf(counter), change, { expression: `attribute_exists(#${attribute})` });
  };

  const settleLapsedOf = async ({ budgetId }: Budget, now: number) => {
    const filter = { expression: '#reserved > :zero', values: { ':zero': 0 } };
    const since = budgetCounterBounds(now - longestCallMs - longestPeriodMs, now);
    for await (const item of allItems(table, {
      partition: budgetPartition(budgetId),
      between: since,
      filter,
    })) {
      for (const [name, value] of Object.entries(item)) {
        const reservation = storedReservation.safeParse(value);
        if (!name.startsWith(attributePrefix) || !reservation.success || reservation.data.until > now)
          continue;
        const { amount } = reservation.data;
        const { pk, sk } = storedCounter.parse(item);
        const change = { remove: [name], add: { used: amount, reserved: -amount } };
        await table.update({ pk, sk }, change, { expression: `attribute_exists(#${name})` });
      }
    }
  };

  return {
    async reserve(reservationId, reservations, until) {
      const writes = reservations.map((reservation) => reserving(reservationId, reservation, until));
      const [only, ...others] = writes;
      if (only === undefined) return { outcome: 'reserved' };
      let at = 0;
      if (others.length === 0) {
        if ((await table.update(only.update, only.change, only.condition)) !== null)
          return { outcome: 'reserved' };
      } else {
        const written = await table.transact(writes);
        if (written.outcome === 'written') return { outcome: 'reserved' };
        at = written.at;
      }
      const item = await table.get(writes[at]?.update ?? only.update);
      if (item !== null && attributeOf(reservationId) in item) return { outcome: 'reserved' };
      return { outcome: 'refused', at, usage: usageOfItem(item) };
    },
    async settle(reservationId, settlements) {
      const settled = await Promise.all(
        settlements.map(async ({ counter, reserved, used }) => {
          const item = await settle(reservationId, counter, reserved, used);
          return item === null ? [] : [{ counter, ...usageOfItem(item) }];
        }),
      );
      return settled.flat();
    },
    usage: (counters) => Promise.all(counters.map(usageOf)),
    recentUsage: (counters) =>
      Promise.all(
        counters.map(async (counter) => {
          const { pk, sk } = keyOf(counter);
          const known = recent.get(`${pk} ${sk}`, clock());
          if (known !== null) return known;
          const usage = await usageOf(counter);
          recent.set(`${pk} ${sk}`, usage, clock());
          return usage;
        }),
      ),
    async fullest(budgetId, from) {
      let fullest: Usage | null = null;
      const query = { partition: budgetPartition(budgetId), between: budgetCounterBounds(from, from) };
      for await (const item of allItems(table, query)) {
        const usage = usageOfItem(item);
        if (fullest === null || usage.used + usage.reserved > fullest.used + fullest.reserved)
          fullest = usage;
      }
      return fullest;
    },
    async settleLapsed(now) {
      // What a run has reserved of its own budget counts against it in any case.
      const shared = (await budgets()).filter(({ period }) => period !== 'run');
      for (const budget of shared) await settleLapsedOf(budget, now);
    },
  };
}

const longestPeriodMs = 31 * 86_400_000;
const attributePrefix = 'r_';

/** The attribute of a reservation: names in expressions have no hyphens. */
function attributeOf(reservationId: string): string {
  return `${attributePrefix}${reservationId.replaceAll('-', '')}`;
}

function reserving(reservationId: string, { counter, amount, limit, expiresAt }: Reservation, until: number) {
  const attribute = attributeOf(reservationId);
  const change: ItemChange = {
    set: { [attribute]: { amount, until }, [expiryAttribute]: Math.ceil(expiresAt / 1_000) },
    add: { used: 0, reserved: amount, committed: amount },
  };
  const fits = '#committed <= :room';
  const isAlone = '#reserved = :none AND #used < :limit';
  const condition: Condition = {
    expression: `attribute_not_exists(#${attribute}) AND (attribute_not_exists(#committed) OR ${fits} OR (${isAlone}))`,
    values: { ':room': limit - amount, ':none': 0, ':limit': limit },
  };
  return { update: keyOf(counter), change, condition };
}

function keyOf({ budgetId, from, key }: Counter) {
  return budgetCounterKey(budgetId, from, key);
}

function usageOfItem(item: Item | null): Usage {
  if (item === null) return { used: 0, reserved: 0 };
  const { used, reserved } = storedCounter.parse(item);
  return { used, reserved };
}
