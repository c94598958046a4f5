import * as z from 'zod';
import {
  type Budget,
  budgetMeasures,
  budgetPeriods,
  budgetScopes,
  limitActions,
} from '../../../core/budgets/budget.ts';
import { type BudgetStore, maxBudgets } from '../../../core/ports/budget-store.ts';
import { budgetsKey } from '../store/keys.ts';
import { jsonText } from '../store/payload-objects.ts';
import type { Item, Table } from '../store/table.ts';
import { budgetCounters } from './budget-counters.ts';

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
