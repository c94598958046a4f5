import type { Connector } from '../connectors/connector.ts';
import type { JsonObject } from '../json/json-value.ts';
import { keyAtPath, keyOfPayload } from '../json/key-at-path.ts';
import type { Payload } from '../json/payload.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import { type Budget, unitsOf } from './budget.ts';
import { agentsWithSteps, budgetsOf, type OpenBudget } from './budgets-of.ts';
import { reachedText } from './limit-reached.ts';

/** A trigger that a budget refuses. */
export interface OverBudget {
  readonly outcome: 'over-budget';
  /** One sentence for the sender. */
  readonly detail: string;
  readonly retryAfterSeconds: number;
}

/** The budgets that refuse triggers once they are used up, as far as they are known without a call of the store. */
export function refusingBudgets({ budgets }: Pick<Engine, 'budgets'>): readonly Budget[] {
  const all = budgets.atHand();
  return all.length === 0 ? all : all.filter(({ onLimit, period }) => onLimit !== 'hold' && period !== 'run');
}

/**
 * Refuses a trigger if one of its runs would exceed a budget that refuses triggers; `null` if none would.
 *
 * @param refusing see `refusingBudgets`
 * @param agents the agents that the trigger would run
 * @throws RetryableError when the store is unavailable
 */
export async function refuseOverBudget(
  engine: Engine,
  refusing: readonly Budget[],
  connector: Connector | null,
  agents: readonly AgentSummary[],
  event: { readonly payload: Payload; readonly context: JsonObject; readonly scheduledAt?: number },
): Promise<OverBudget | null> {
  // By its time, the budget may have started over.
  if (event.scheduledAt !== undefined) return null;
  const now = engine.clock();
  const open = agents.flatMap((agent) => {
    const { concurrency, session, name } = agent;
    const spender = {
      runId: null,
      agents: agentsWithSteps(engine.agents, name),
      connectorId: connector?.id ?? null,
      sessionKey:
        session === null
          ? null
          : keyAtPath({ input: event.payload.exact, context: event.context }, session.key),
      concurrencyKey: concurrency === null ? null : keyOfPayload(event.payload, concurrency.key),
    };
    return budgetsOf(refusing, spender, now);
  });
  const usage = await engine.budgets.recentUsage(open.map(({ counter }) => counter));
  const full = open.find(
    (one, index) => (usage[index]?.used ?? 0) >= unitsOf(one.budget.measure, one.budget.limit),
  );
  return full === undefined ? null : overBudget(full, now);
}

function overBudget(open: OpenBudget, now: number): OverBudget {
  const waitMs = Math.max(0, (open.resetsAt ?? now) - now);
  return {
    outcome: 'over-budget',
    detail: `${reachedText(open)}. Nothing was started.`,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  };
}
