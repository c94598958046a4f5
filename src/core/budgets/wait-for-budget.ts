import { type Hold, holdKeys } from '../control/hold.ts';
import type { Engine } from '../ports/engine.ts';
import type { Slot } from '../ports/run-store.ts';
import type { RunRecord } from '../runs/run.ts';
import type { Halt } from './attempt-budget.ts';
import { agentsWithSteps, budgetsOf, isSplit } from './budgets-of.ts';
import { budgetOfHold, reachedText } from './limit-reached.ts';

/** How long a run waits in the queue while calls in progress have reserved the rest of a budget, in ms. */
const contendedMs = 5_000;

/**
 * Puts a claimed run back into the queue, to be executed again from its start when the budget has room.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function waitForBudget(
  engine: Engine,
  { runId, agentName }: RunRecord,
  owner: string,
  halt: Halt | null,
): Promise<{ readonly outcome: 'waiting' | 'not-acquired' }> {
  const { runs, holds, clock, log } = engine;
  const isHeld = halt?.kind === 'reached' && (await beginHold(engine, halt));
  const availableAt = clock() + (halt?.kind === 'reached' ? 0 : contendedMs);
  const released = await runs.release(runId, owner, availableAt, null);
  if (released === 'lost') return { outcome: 'not-acquired' };
  if (isHeld) await holds.holdRun(runId, holdKeys.budget(halt.open.budget.budgetId), []);
  log.info('run.waits', { run_id: runId, agent: agentName, budget: halt?.open.budget.name ?? null });
  return { outcome: 'waiting' };
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
  if (before !== undefined && (await holds.holdRun(run.runId, before.key, slots)) === 'held') return before;
  const spender = { ...run, agents: agentsWithSteps(agents, run.agentName), sessionKey: null };
  const shared = (await budgets.inForce()).filter((budget) => !isSplit(budget));
  for (const { counter } of budgetsOf(shared, spender, clock())) {
    const hold = known.find(({ key }) => budgetOfHold(key) === counter.budgetId);
    if (hold !== undefined && (await holds.holdRun(run.runId, hold.key, slots)) === 'held') return hold;
  }
  return null;
}
