import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { meteredClients } from '../../../../test/aws/metered-clients.ts';
import { sampleDispatch } from '../../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../../test/aws/test-engine.ts';
import { AttemptBudget } from '../../../core/budgets/attempt-budget.ts';
import type { Budget } from '../../../core/budgets/budget.ts';
import { openBudget } from '../../../core/budgets/budgets-of.ts';
import { releaseBudgets, waitForBudget } from '../../../core/budgets/reached-budget.ts';
import { holdKeys } from '../../../core/control/hold.ts';
import type { Reservation } from '../../../core/ports/budget-store.ts';
import { executeRun } from '../../../core/runs/execute-run.ts';

const minute = 60_000;
const limit = 2_000;

async function createBudget({ engine, now }: TestEngine, given: Partial<Budget> = {}): Promise<Budget> {
  const budget: Budget = {
    budgetId: randomUUID(),
    name: randomUUID(),
    scope: { type: 'deployment', id: null },
    measure: 'tokens',
    period: 'day',
    timeZone: 'UTC',
    limit,
    warnAt: null,
    onLimit: 'hold',
    createdAt: now,
    version: 1,
    ...given,
  };
  expect(await engine.budgets.create(budget)).toBe('created');
  return budget;
}

const eachSession = { scope: { type: 'session', id: null } } as const;

function reservationOf(budget: Budget, key: string, now: number, amount: number): Reservation {
  const { counter, expiresAt } = openBudget(budget, key, now);
  return { counter, amount, limit: budget.limit, expiresAt };
}

describe('a budget that fifty functions use at once', () => {
  test('is passed by one call at most, beside one of their agent; no call fails, and all of it is used, also by those that are killed', async () => {
    const made = await testEngine();
    const shared = await createBudget(made);
    const ofAgent = await createBudget(made, { scope: { type: 'agent', id: 'echo' }, limit: 2 * limit });
    const spent = await Promise.all(Array.from({ length: 50 }, (_, index) => work(made, index % 10 === 9)));
    const total = spent.reduce((sum, tokens) => sum + tokens, 0);
    made.now += 10 * minute;
    await made.engine.budgets.settleLapsed(made.now);
    const counters = [shared, ofAgent].map((budget) => openBudget(budget, '', made.now).counter);
    expect(await made.engine.budgets.usage(counters)).toEqual([
      { used: total, reserved: 0 },
      { used: total, reserved: 0 },
    ]);
    // The last call may be made where the rest does not fit, because no other is open.
    expect(total).toBeLessThanOrEqual(limit + 100);
    expect(total).toBeGreaterThan(limit - 100);
  });
});

/**
 * What one function does with a run that calls its model until the budget is used up.
 *
 * @param isKilled in the middle of its second call
 * @returns the tokens that count
 */
async function work(made: TestEngine, isKilled: boolean): Promise<number> {
  const engine = made.another();
  const agent = engine.agents.get('echo');
  const [run] = sampleDispatch(made.now).runs;
  if (agent === null || run === undefined) throw new Error('no agent');
  const budget = new AttemptBudget(engine, run, agent);
  let tokens = 0;
  let calls = 0;
  // What the killed ones have reserved lapses only later: whoever has waited for long goes back to the queue.
  for (let waits = 0; waits < 12; ) {
    const atMost = { tokens: 100, usd: null };
    const verdict = await budget.reserve({
      agentName: 'echo',
      model: 'demo/scripted',
      sessionKey: null,
      atMost,
    });
    if (verdict.outcome === 'held') return tokens;
    if (verdict.outcome === 'wait') {
      waits += 1;
      await sleep(20 + Math.random() * 100);
      continue;
    }
    if (verdict.outcome === 'refused' || verdict.reservation === null) throw new Error(verdict.outcome);
    waits = 0;
    calls += 1;
    if (isKilled && calls === 2) return tokens + atMost.tokens;
    await budget.settle(verdict.reservation, { tokens: 60, usd: null });
    tokens += 60;
  }
  return tokens;
}

describe('what nobody has settled', () => {
  test('of a key counts as used when a reservation of the key does not fit, and what is shown counts it before', async () => {
    const made = await testEngine();
    const { budgets } = made.engine;
    const budget = await createBudget(made, { ...eachSession, limit: 100 });
    const ofKey = (key: string) => reservationOf(budget, key, made.now, 70);
    const until = made.now + minute;
    await budgets.reserve(randomUUID(), [ofKey('ann')], until);
    await budgets.reserve(randomUUID(), [ofKey('ben')], until + minute);
    const counters = [ofKey('ann').counter, ofKey('ben').counter];
    expect(await budgets.reserve(randomUUID(), [ofKey('ann')], until)).toMatchObject({
      usage: { used: 0, reserved: 70 },
    });
    made.now = until;
    await budgets.settleLapsed(made.now);
    expect(await budgets.usage(counters)).toEqual([
      { used: 70, reserved: 0 },
      { used: 0, reserved: 70 },
    ]);
    // The last reservation of a budget may use up the rest, because none is open.
    expect(await budgets.reserve(randomUUID(), [ofKey('ann')], until + minute)).toEqual({
      outcome: 'reserved',
    });
    expect(await budgets.usage(counters)).toEqual([
      { used: 70, reserved: 70 },
      { used: 0, reserved: 70 },
    ]);
  });

  test('is looked for in one read of each budget, however many keys it has and however old it is', async () => {
    const made = await testEngine();
    const { clients, takeMeter } = await meteredClients();
    const engine = made.another({ clients });
    const look = async () => {
      takeMeter();
      await releaseBudgets(engine);
      return takeMeter().readUnits;
    };
    const shared = [await createBudget(made), await createBudget(made)];
    const split = await createBudget(made, { ...eachSession, period: 'month' });
    // What a function reads once in several seconds is no part of a look.
    await look();
    const before = await look();
    expect(before).toBe(4);
    const reserve = (budget: Budget, key: string, now: number) =>
      engine.budgets.reserve(randomUUID(), [reservationOf(budget, key, now, 1)], made.now - 1);
    for (const daysAgo of [0, 1, 2, 10, 20]) {
      const now = made.now - daysAgo * 1_440 * minute;
      await Promise.all(Array.from({ length: 20 }, (_, n) => reserve(split, `session ${n}`, now)));
      for (const budget of shared) await reserve(budget, '', now);
    }
    expect(await look()).toBe(before);
    const counters = shared.map((budget) => openBudget(budget, '', made.now).counter);
    expect(await engine.budgets.usage(counters)).toEqual(counters.map(() => ({ used: 1, reserved: 0 })));
  });
});

describe('a run that waits for a budget of its session', () => {
  test('is not executed again by functions that have not heard of it', async () => {
    const made = await testEngine();
    const budget = await createBudget(made, eachSession);
    const { runs, holds } = made.engine;
    const dispatch = sampleDispatch(made.now);
    await runs.dispatch(dispatch);
    const [{ runId } = { runId: '' }] = dispatch.runs;
    const another = made.another();
    expect(await another.holds.known()).toEqual(new Map());
    const lease = { owner: 'me', now: made.now, until: made.now + minute, slots: [] };
    const claimed = await runs.claim(runId, { ...lease, ifLost: 'culprit' });
    if (claimed.outcome !== 'claimed') throw new Error('the run is free');
    const halt = { kind: 'reached', open: openBudget(budget, 'ann', made.now) } as const;
    expect(await waitForBudget(made.engine, claimed.run, 'me', halt)).toMatchObject({ isHeld: true });
    const waiting = { count: 1 };
    for (const passedMs of [0, holds.knownForMs - 1, 1]) {
      made.now += passedMs;
      await executeRun(another, runId);
      expect(await holds.waiting(holdKeys.budget(budget.budgetId))).toMatchObject(waiting);
      expect(await runs.find(runId)).toMatchObject({ status: 'queued', attempts: 0 });
    }
  });
});
