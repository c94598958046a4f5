import type { ShownBudget } from '../../core/budgets/show-budget.ts';
import type { WireBudget } from '../contract/budget.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/** A budget with its state in wire format. */
export function budgetToWire({ budget, used, reserved, resetsAt, heldRuns }: ShownBudget): WireBudget {
  const { budgetId, name, scope, measure, period, timeZone, limit, warnAt, onLimit, createdAt } = budget;
  return {
    id: budgetId,
    name,
    scope,
    measure,
    period,
    time_zone: timeZone,
    limit,
    warn_at: warnAt,
    on_limit: onLimit,
    used,
    reserved,
    resets_at: toIsoOrNull(resetsAt),
    held_runs: heldRuns,
    created_at: toIso(createdAt),
  };
}
