import * as z from 'zod';
import { budgetMeasures, budgetPeriods, budgetScopes, limitActions } from '../../core/budgets/budget.ts';
import { nextCursor } from './page.ts';
import { isoTime } from './values.ts';

const name = z.string().max(200).meta({ description: 'Must be unique.' });
const limit = z.number().meta({ description: 'US dollars, tokens, or runs per period.' });
const warnAt = z.number().nullable().meta({
  description: 'Percentage of the limit from which the budget needs attention; `null` for no warning.',
});
const onLimit = z.enum(limitActions).meta({
  description:
    'What happens at the limit. `hold`: triggers are accepted, and runs wait until the period ends or the limit is raised. `refuse`: new triggers are refused with 429, and accepted runs wait. `stop`: new triggers are refused, and runs end with `budget-exceeded`.',
});
const measure = z.enum(budgetMeasures);
const period = z.enum(budgetPeriods).meta({
  description: '`run`: each run has the budget for itself, and ends at the limit.',
});
const timeZone = z.string().meta({
  description: 'IANA name of the time zone in which hours, days, and months begin.',
  examples: ['Europe/Berlin'],
});
const scopeId = z.string().max(500).meta({
  description:
    "The agent's name, the connector's id, or the value of a session key or concurrency key. Without it, each session or concurrency key has the budget for itself.",
});

/** A budget with its state. */
export const wireBudget = z
  .object({
    id: z.string(),
    name,
    scope: z.object({ type: z.enum(budgetScopes), id: scopeId.nullable() }),
    measure,
    period,
    time_zone: timeZone,
    limit,
    warn_at: warnAt,
    on_limit: onLimit,
    used: z.number().nullable().meta({
      description:
        'Used in the current period. If each session or concurrency key has the budget for itself: the most that one has used. `null` if each run has.',
    }),
    reserved: z.number().nullable().meta({ description: 'The most that calls in progress may still use.' }),
    resets_at: isoTime.nullable().meta({ description: '`null` for the period `run`.' }),
    held_runs: z.int().meta({ description: 'Runs that wait for the budget.' }),
    created_at: isoTime,
  })
  .meta({ id: 'Budget' });
export type WireBudget = z.infer<typeof wireBudget>;

/** All budgets, in one page. */
export const budgetList = z.object({ items: z.array(wireBudget), next_cursor: nextCursor });

export const createBudgetBody = z
  .strictObject({
    name,
    scope: z
      .strictObject({ type: z.enum(budgetScopes), id: scopeId.nullable().default(null) })
      .default({ type: 'deployment', id: null }),
    measure,
    period,
    time_zone: timeZone.default('UTC'),
    limit,
    warn_at: warnAt.default(80),
    on_limit: onLimit.optional(),
  })
  .meta({ id: 'CreateBudget' });
export type CreateBudgetBody = z.input<typeof createBudgetBody>;

export const changeBudgetBody = z
  .strictObject({ name, limit, warn_at: warnAt, on_limit: onLimit })
  .partial()
  .meta({ id: 'ChangeBudget' });
export type ChangeBudgetBody = z.input<typeof changeBudgetBody>;
