import * as z from 'zod';
import {
  type Budget,
  budgetMeasures,
  budgetPeriods,
  budgetScopes,
  limitActions,
} from '../../../core/budgets/budget.ts';
import { isSplit, openBudget } from '../../../core/budgets/budgets-of.ts';
import {
  type BudgetStore,
  type Counter,
  maxBudgets,
  type Reservation,
  type Usage,
} from '../../../core/ports/budget-store.ts';
import type { Condition, ItemChange } from '../store/expressions.ts';
import {
  budgetCounterBounds,
  budgetCounterKey,
  budgetPartition,
  budgetsKey,
  expiryAttribute,
  type ItemKey,
} from '../store/keys.ts';
import { jsonText } from '../store/payload-objects.ts';
import { allItems, expiringCache, type Item, type Table } from '../store/table.ts';

/** Runs see a change of a budget after this time at most, in ms; triggers, too, if connectors are not kept for longer. */
const inForceMs = 5_000;
/** Writes of the list that may conflict with those of other operators. */
const maxTries = 5;

const storedBudget = z.object({
  budgetId: z.string(),
  name: z.string(),
  scope: z.object({ type: z.enum(budgetScopes), id: z.string().nullable() }),
  measure: z.enum(budgetMeasures),
  period: z.enum(budgetPeriods),
  timeZone: z.string(),
  limit: z.number(),
  warnAt: z.number().nullable(),
  onLimit: z.enum(limitActions),
  createdAt: z.number(),
  version: z.number(),
});
const storedList = z.object({ revision: z.number(), budgets: jsonText.pipe(z.array(storedBudget)) });
type BudgetList = z.infer<typeof storedList>;

const noBudgets: BudgetList = { revision: 0, budgets: [] };

export interface AwsBudgetStore extends BudgetStore {
  /** Takes note of the list, read by the way with another record; `null` if there is none. */
  note(item: Item | null): void;
}

/**
 * Keeps all budgets in one item, which every function reads now and then, and each counter in an item of its own.
 *
 * @param noteEveryMs how long the caller may take until it calls `note` again
 */
export function budgetStore(table: Table, clock: () => number, noteEveryMs: number): AwsBudgetStore {
  let known: { readonly budgets: readonly Budget[]; readonly at: number } | null = null;
  const note = (item: Item | null): BudgetList => {
    const list = item === null ? noBudgets : storedList.parse(item);
    known = { budgets: list.budgets, at: clock() };
    return list;
  };
  const read = async (): Promise<BudgetList> => {
    const { items } = await table.query({ partition: budgetsKey.pk });
    return note(items[0] ?? null);
  };
  const knownFor = (ageMs: number) =>
    known !== null && clock() >= known.at && clock() - known.at < ageMs ? known.budgets : null;

  /** Changes the list as it is, or leaves it if `change` returns another outcome than a list. */
  const write = async <Outcome extends string>(
    change: (budgets: readonly Budget[]) => Outcome | readonly Budget[],
  ): Promise<Outcome | 'written' | 'conflict'> => {
    for (let tried = 0; tried < maxTries; tried++) {
      const { revision, budgets } = await read();
      const changed = change(budgets);
      if (typeof changed === 'string') return changed;
      const item = { ...budgetsKey, revision: revision + 1, budgets: JSON.stringify(changed) };
      const isUnchanged = {
        expression: 'attribute_not_exists(#pk) OR #revision = :revision',
        values: { ':revision': revision },
      };
      if (await table.put(item, isUnchanged)) {
        note(item);
        return 'written';
      }
    }
    return 'conflict';
  };

  return {
    note,
    list: async () => (await read()).budgets,
    async inForce() {
      return knownFor(inForceMs) ?? (await read()).budgets;
    },
    atHand: () => knownFor(Math.max(inForceMs, noteEveryMs)) ?? [],
    async create(budget) {
      const written = await write<'name-taken' | 'too-many'>((budgets) => {
        if (budgets.some(({ name }) => name === budget.name)) return 'name-taken';
        return budgets.length >= maxBudgets ? 'too-many' : [...budgets, budget];
      });
      if (written === 'written') return 'created';
      return written === 'conflict' ? 'name-taken' : written;
    },
    async replace(budget) {
      const written = await write<'missing' | 'changed-meanwhile' | 'name-taken'>((budgets) => {
        const stored = budgets.find(({ budgetId }) => budgetId === budget.budgetId);
        if (stored === undefined) return 'missing';
        if (stored.version !== budget.version - 1) return 'changed-meanwhile';
        const others = budgets.filter((other) => other !== stored);
        if (others.some(({ name }) => name === budget.name)) return 'name-taken';
        return budgets.map((other) => (other === stored ? budget : other));
      });
      if (written === 'written') return 'replaced';
      return written === 'conflict' ? 'changed-meanwhile' : written;
    },
    async delete(budgetId) {
      const written = await write<'missing'>((budgets) => {
        const others = budgets.filter((other) => other.budgetId !== budgetId);
        return others.length === budgets.length ? 'missing' : others;
      });
      return written === 'written' ? 'deleted' : 'missing';
    },
    ...budgetCounters(table, clock, async () => (await read()).budgets),
  };
}

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

function budgetCounters(
  table: Table,
  clock: () => number,
  budgets: () => Promise<readonly Budget[]>,
): Counters {
  const recent = expiringCache<Usage>(recentMs);

  const usageOf = async (counter: Counter): Promise<Usage> =>
    usageOfItem(await table.get(keyOf(counter)), clock());

  const settle = async (
    attribute: string,
    key: ItemKey,
    reserved: number,
    used: number,
  ): Promise<Item | null> =>
    table.update(
      key,
      { remove: [attribute], add: { used, reserved: -reserved, committed: used - reserved } },
      { expression: `attribute_exists(#${attribute})` },
    );

  /** Counts what has lapsed as used. @returns whether anything had */
  const settleLapsedIn = async (item: Item, now: number): Promise<boolean> => {
    const { pk, sk } = storedCounter.parse(item);
    const lapsed = lapsedIn(item, now);
    for (const { attribute, amount } of lapsed) await settle(attribute, { pk, sk }, amount, amount);
    return lapsed.length > 0;
  };

  /** @returns `null` if it is reserved, otherwise what the counter says */
  const reserveOne = async (
    reservationId: string,
    reservation: Reservation,
    until: number,
  ): Promise<Usage | null> => {
    const { update, change, condition } = reserving(reservationId, reservation, until);
    if ((await table.update(update, change, condition)) !== null) return null;
    const item = await table.get(update);
    if (item !== null && attributeOf(reservationId) in item) return null;
    if (item === null || !(await settleLapsedIn(item, clock()))) return usageOfItem(item, clock());
    return reserveOne(reservationId, reservation, until);
  };

  const giveBack = async (reservationId: string, { counter, amount }: Reservation) => {
    await settle(attributeOf(reservationId), keyOf(counter), amount, 0);
  };

  return {
    // One write after another, each of one counter: transactions of many runs at once would cancel each other.
    async reserve(reservationId, reservations, until) {
      for (const [at, reservation] of reservations.entries()) {
        const usage = await reserveOne(reservationId, reservation, until);
        if (usage === null) continue;
        await Promise.all(reservations.slice(0, at).map((taken) => giveBack(reservationId, taken)));
        return { outcome: 'refused', at, usage };
      }
      return { outcome: 'reserved' };
    },
    async settle(reservationId, settlements) {
      const settled = await Promise.all(
        settlements.map(async ({ counter, reserved, used }) => {
          const item = await settle(attributeOf(reservationId), keyOf(counter), reserved, used);
          return item === null ? [] : [{ counter, ...usageOfItem(item, clock()) }];
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
        const usage = usageOfItem(item, clock());
        if (fullest === null || usage.used + usage.reserved > fullest.used + fullest.reserved)
          fullest = usage;
      }
      return fullest;
    },
    // The counters of past periods decide nothing. Those of single keys are settled when a reservation of the key does
    // not fit: there may be very many.
    async settleLapsed(now) {
      const shared = (await budgets()).filter((budget) => !isSplit(budget));
      if (shared.length === 0) return;
      const keys = shared.map((budget) => keyOf(openBudget(budget, '', now).counter));
      await Promise.all((await table.getMany(keys)).map((item) => settleLapsedIn(item, now)));
    },
  };
}

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

/** Reservations that nobody has settled in time count as used. */
function usageOfItem(item: Item | null, now: number): Usage {
  if (item === null) return { used: 0, reserved: 0 };
  const { used, reserved } = storedCounter.parse(item);
  const lapsed = lapsedIn(item, now).reduce((sum, { amount }) => sum + amount, 0);
  return { used: used + lapsed, reserved: reserved - lapsed };
}

/** The reservations that nobody has settled by `now`, by attribute. */
function lapsedIn(item: Item, now: number): { readonly attribute: string; readonly amount: number }[] {
  return Object.entries(item).flatMap(([attribute, value]) => {
    const reservation = attribute.startsWith(attributePrefix)
      ? storedReservation.safeParse(value).data
      : undefined;
    if (reservation === undefined || reservation.until > now) return [];
    return [{ attribute, amount: reservation.amount }];
  });
}
