import type { Connector } from '../connectors/connector.ts';
import { type Hold, holdKeys } from '../control/hold.ts';
import { keyAtPath, keyOfPayload } from '../identifiers.ts';
import type { JsonObject, Payload } from '../json/json-value.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Engine } from '../ports/engine.ts';
import type { Slot } from '../ports/run-store.ts';
import type { RunRecord } from '../runs/run.ts';
import type { Halt } from './attempt-budget.ts';
import { type Budget, unitsOf } from './budget.ts';
import {
  agentsWithSteps,
  budgetOfHold,
  budgetsOf,
  endsRuns,
  isSplit,
  type OpenBudget,
  periodAt,
  reachedText,
} from './budgets-of.ts';

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

/** How long a run waits in the queue while calls in progress have reserved the rest of a budget, in ms. */
const contendedMs = 5_000;

/**
 * Puts a claimed run back into the queue, to be executed again from its start when the budget has room.
 *
 * @returns `cancel-requested` if the caller has to end the run instead
 * @throws RetryableError when the store is unavailable
 */
export async function waitForBudget(
  engine: Engine,
  { runId, agentName }: RunRecord,
  owner: string,
  halt: Halt | null,
): Promise<
  | { readonly outcome: 'waiting'; readonly isHeld: boolean }
  | { readonly outcome: 'cancel-requested' }
  | { readonly outcome: 'not-acquired' }
> {
  const { runs, holds, clock, log } = engine;
  const isReached = halt?.kind === 'reached';
  const isHeld = isReached && (await beginHold(engine, halt));
  // Executors that do not know of the hold yet would execute the run again.
  const delayMs = isHeld ? holds.knownForMs : isReached ? 0 : contendedMs;
  const released = await runs.release(runId, owner, clock() + delayMs, null);
  if (released === 'lost') return { outcome: 'not-acquired' };
  if (released === 'cancel-requested') return { outcome: released };
  if (isHeld) await holds.holdRun(runId, holdKeys.budget(halt.open.budget.budgetId), [], clock());
  log.info('run.waits', { run_id: runId, agent: agentName, budget: halt?.open.budget.name ?? null });
  return { outcome: 'waiting', isHeld };
}

/** Begins the hold, unless an operator has changed or deleted the budget since the attempt read it. */
async function beginHold({ budgets, holds, clock }: Engine, { open }: Halt): Promise<boolean> {
  const { budgetId, version } = open.budget;
  const now = (await budgets.list()).find((budget) => budget.budgetId === budgetId);
  if (now?.version !== version) return false;
  const key = holdKeys.budget(budgetId);
  const known = (await holds.list()).find((hold) => hold.key === key);
  if (known === undefined || known.drainingSince !== null)
    await holds.begin({
      key,
      since: clock(),
      by: null,
      reason: `${reachedText(open)}.`,
      drainPerMinute: null,
    });
  return true;
}

/**
 * Makes a queued run wait with others for a budget that is used up; `null` if none is. What only the payload tells, the
 * session, is not known yet: such a run is claimed, and then waits.
 *
 * @param slots of which the run may have been offered a place
 * @throws RetryableError when the store is unavailable
 */
export async function holdForBudget(
  engine: Engine,
  run: RunRecord,
  slots: readonly Slot[],
): Promise<Hold | null> {
  const { agents, budgets, clock, holds } = engine;
  const known = [...(await holds.known()).values()].filter(({ key }) => budgetOfHold(key) !== null);
  if (known.length === 0) return null;
  // A message may announce a run that waits: what it waits for is known, whatever its payload says.
  const before = known.find(({ key }) => key === run.waitsFor);
  const isHeld = async ({ key }: Hold) => (await holds.holdRun(run.runId, key, slots, clock())) === 'held';
  if (before !== undefined && (await isHeld(before))) return before;
  const spender = { ...run, agents: agentsWithSteps(agents, run.agentName), sessionKey: null };
  const shared = (await budgets.inForce()).filter((budget) => !isSplit(budget));
  for (const { counter } of budgetsOf(shared, spender, clock())) {
    const hold = known.find(({ key }) => budgetOfHold(key) === counter.budgetId);
    if (hold !== undefined && (await isHeld(hold))) return hold;
  }
  return null;
}

/**
 * Lets runs go on that wait for budgets with room: because a period has begun, or calls have used less than they had
 * reserved. Also counts what killed calls had reserved. Engines call it from time to time.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function releaseBudgets(engine: Engine): Promise<void> {
  const { budgets, holds, clock } = engine;
  const all = await budgets.list();
  if (all.length > 0) await budgets.settleLapsed(clock());
  for (const { key, since, drainingSince } of (await holds.known()).values()) {
    const budgetId = budgetOfHold(key);
    if (budgetId === null || drainingSince !== null) continue;
    const budget = all.find((one) => one.budgetId === budgetId);
    if (budget === undefined || (await hasRoom(engine, budget, since))) await letGo(engine, budgetId);
  }
}

/**
 * Lets the runs go on that wait for a budget which was just changed, if it has room now, or deleted.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function releaseBudget(engine: Engine, budget: Budget, state?: 'deleted'): Promise<void> {
  if (state === 'deleted' || isSplit(budget) || endsRuns(budget) || (await hasRoom(engine, budget, null)))
    await letGo(engine, budget.budgetId);
}

/** @param heldSince when the first run began to wait, Unix ms; `null` if that does not matter */
async function hasRoom(
  { budgets, clock }: Engine,
  budget: Budget,
  heldSince: number | null,
): Promise<boolean> {
  const { from } = periodAt(budget, clock());
  // Of a budget that each key has for itself, one key may be used up while the others are not.
  if (isSplit(budget)) return heldSince !== null && heldSince < from;
  const [usage] = await budgets.usage([{ budgetId: budget.budgetId, from, key: '' }]);
  return (usage?.used ?? 0) < unitsOf(budget.measure, budget.limit);
}

async function letGo({ holds, clock }: Engine, budgetId: string): Promise<void> {
  const key = holdKeys.budget(budgetId);
  const now = clock();
  if (await holds.drain(key, null, now)) await holds.release(key, now, now + holds.windowMs);
}
