import { messageOf } from '../errors.ts';
import { notifySubscribers } from '../events/notify-subscribers.ts';
import { keyAtPath, uuidV7 } from '../identifiers.ts';
import { recordAction } from '../operators/record-action.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Counter, CounterState, Reservation } from '../ports/budget-store.ts';
import type { Engine } from '../ports/engine.ts';
import type { Run } from '../runs/run.ts';
import { amountOf, amountText, type Budget, type BudgetMeasure, limitText, unitsOf } from './budget.ts';
import {
  agentsWithSteps,
  budgetsOf,
  endsRuns,
  type OpenBudget,
  reachedText,
  type Spender,
} from './budgets-of.ts';
import type { CallCost, CallVerdict, PlannedCall } from './model-call.ts';

/** Why an attempt did not go on. */
export type Halt =
  | { readonly kind: 'reached'; readonly open: OpenBudget }
  /** Calls in progress have reserved the rest. */
  | { readonly kind: 'contended'; readonly open: OpenBudget };

/** Amounts of all measures. */
type Cost = Readonly<Record<BudgetMeasure, number>>;

interface PlannedUse extends Reservation {
  readonly open: OpenBudget;
}

const granted = { outcome: 'granted', reservation: null } as const;
const oneRun: Cost = { usd: 0, tokens: 0, runs: 1 };

/** Beyond the agent's timeout: the time for its end to be stored. */
const marginMs = 120_000;

/** What one attempt of a run uses of the budgets that count it. */
export class AttemptBudget {
  readonly #engine: Engine;
  readonly #run: Run;
  readonly #agent: AgentSummary;
  /** When what the attempt has reserved lapses, Unix ms. */
  readonly #until: number;
  /** What is reserved, by the reservation's id. */
  readonly #planned = new Map<string, readonly PlannedUse[]>();
  /** What the store may have reserved for this attempt: from before it is asked until it has settled it. */
  readonly #inHand = new Set<readonly PlannedUse[]>();
  readonly #settling = new Set<Promise<void>>();
  /** Units by counter: what this attempt has used. */
  readonly #spent = new Map<string, number>();
  #halt: Halt | null = null;

  constructor(engine: Engine, run: Run, agent: AgentSummary) {
    this.#engine = engine;
    this.#run = run;
    this.#agent = agent;
    this.#until = engine.clock() + agent.timeoutSeconds * 1_000 + marginMs;
  }

  /** Why the attempt did not go on; `null` if no budget was in its way. */
  get halt(): Halt | null {
    return this.#halt;
  }

  /**
   * Counts the run, if it is not counted yet, and checks that no budget is used up.
   * @throws RetryableError when the store is unavailable
   */
  async enter(): Promise<Exclude<CallVerdict, { outcome: 'wait' }>> {
    const all = await this.#open(null);
    if (all.length === 0) return granted;
    const ofCalls = all.filter(({ budget }) => budget.measure !== 'runs');
    const usage = await this.#engine.budgets.usage(ofCalls.map(({ counter }) => counter));
    const full = ofCalls.find((one, index) => (usage[index]?.used ?? 0) >= limitOf(one));
    if (full !== undefined) return this.#reached(full);
    const ofRuns = all.filter(({ budget }) => budget.measure === 'runs');
    if (ofRuns.length === 0 || this.#run.budgeted) return granted;
    const { runId } = this.#run;
    const verdict = await this.#reserve(runId, ofRuns, oneRun);
    if (verdict.outcome === 'wait') return { outcome: 'held' };
    if (verdict.outcome !== 'granted') return verdict;
    await this.#engine.runs.markBudgeted(runId);
    await this.#settle(runId, oneRun);
    return granted;
  }

  /**
   * Reserves what a call uses at most.
   * @throws RetryableError when the store is unavailable
   */
  async reserve({ agentName, model, sessionKey, atMost }: PlannedCall): Promise<CallVerdict> {
    const all = await this.#open(sessionKey, agentName);
    const open = all.filter(({ budget }) => budget.measure !== 'runs');
    if (open.length === 0) return granted;
    const unpriced = open.find(({ budget }) => budget.measure === 'usd' && atMost.usd === null);
    if (unpriced !== undefined) return refusedWithoutPrice(unpriced, model);
    return this.#reserve(uuidV7(this.#engine.clock(), this.#engine.entropy), open, costOf(atMost));
  }

  /** Settles a call with what it has used; what it reserved counts as used if that is not known. Never rejects. */
  settle(reservation: string, used: CallCost | null): Promise<void> {
    const settling = this.#settle(reservation, used === null ? null : costOf(used)).catch(
      (thrown: unknown) => {
        this.#engine.log.warn('budget.not-settled', { run_id: this.#run.runId, reason: messageOf(thrown) });
      },
    );
    this.#settling.add(settling);
    return settling.finally(() => this.#settling.delete(settling));
  }

  /** Counts calls that nobody has settled as they were reserved. Never rejects. */
  async close(): Promise<void> {
    for (const reservation of this.#planned.keys()) void this.settle(reservation, null);
    await Promise.all(this.#settling);
  }

  /** @param keyFromRun the session key, if the run has got to know it */
  async #open(keyFromRun: string | null, agentName?: string): Promise<readonly OpenBudget[]> {
    const budgets = await this.#engine.budgets.inForce();
    if (budgets.length === 0) return [];
    const { runId, connectorId, concurrencyKey } = this.#run;
    const ofRun = agentsWithSteps(this.#engine.agents, this.#agent.name);
    const agents = agentName === undefined ? ofRun : [this.#agent.name, agentName];
    const sessionKey = keyFromRun ?? sessionKeyOf(this.#run, this.#agent);
    const spender: Spender = { runId, agents, connectorId, sessionKey, concurrencyKey };
    return budgetsOf(budgets, spender, this.#engine.clock());
  }

  async #reserve(id: string, open: readonly OpenBudget[], atMost: Cost): Promise<CallVerdict> {
    const planned = open.map((one) => ({
      open: one,
      counter: one.counter,
      amount: unitsOf(one.budget.measure, atMost[one.budget.measure]),
      limit: limitOf(one),
      expiresAt: one.expiresAt,
    }));
    const reservations = planned.map(({ open: _open, ...reservation }) => reservation);
    const before = [...this.#inHand];
    this.#inHand.add(planned);
    const reserved = await this.#engine.budgets.reserve(id, reservations, this.#until);
    if (reserved.outcome === 'reserved') {
      this.#planned.set(id, planned);
      return { outcome: 'granted', reservation: id };
    }
    this.#inHand.delete(planned);
    const refused = open[reserved.at];
    if (refused === undefined) throw new Error('the store refused a reservation that was not requested');
    const isFull = reserved.usage.used >= limitOf(refused);
    const own = [...before, ...this.#inHand].flat();
    if (isFull || isLeftBehind(refused, own)) return this.#reached(refused);
    this.#halt = { kind: 'contended', open: refused };
    return { outcome: 'wait' };
  }

  #reached(open: OpenBudget): Exclude<CallVerdict, { outcome: 'wait' | 'granted' }> {
    const alone = (this.#spent.get(open.counter.budgetId) ?? 0) >= limitOf(open);
    if (endsRuns(open.budget) || alone) {
      const why = alone ? ' This run alone has used all of it.' : '';
      return { outcome: 'refused', code: 'budget-exceeded', message: `${reachedText(open)}.${why}` };
    }
    this.#halt = { kind: 'reached', open };
    return { outcome: 'held' };
  }

  /** @param used `null`: as much as was reserved */
  async #settle(id: string, used: Cost | null): Promise<void> {
    const planned = this.#planned.get(id) ?? [];
    this.#planned.delete(id);
    const settlements = planned.map(({ open, counter, amount }) => {
      const { measure } = open.budget;
      return { counter, reserved: amount, used: used === null ? amount : unitsOf(measure, used[measure]) };
    });
    for (const { counter, used: units } of settlements)
      this.#spent.set(counter.budgetId, (this.#spent.get(counter.budgetId) ?? 0) + units);
    const states = await this.#engine.budgets.settle(id, settlements);
    this.#inHand.delete(planned);
    for (const state of states) {
      const isOf = ({ counter }: { readonly counter: Counter }) =>
        counter.budgetId === state.counter.budgetId;
      const budget = planned.find(isOf)?.open.budget;
      const units = settlements.find(isOf)?.used ?? 0;
      if (budget !== undefined) await noteCrossing(this.#engine, budget, state, units);
    }
  }
}

function costOf({ tokens, usd }: CallCost): Cost {
  return { tokens, usd: usd ?? 0, runs: 0 };
}

/**
 * Whether an earlier attempt, which was killed, has reserved the rest of the run's own budget: nobody will settle that.
 *
 * @param own what this attempt has reserved
 */
function isLeftBehind({ budget }: OpenBudget, own: readonly PlannedUse[]): boolean {
  return budget.period === 'run' && !own.some(({ counter }) => counter.budgetId === budget.budgetId);
}

/** Units. */
function limitOf({ budget }: Pick<OpenBudget, 'budget'>): number {
  return unitsOf(budget.measure, budget.limit);
}

function refusedWithoutPrice({ budget }: OpenBudget, model: string): CallVerdict {
  const message =
    `The budget "${budget.name}" counts US dollars, but the model "${model}" has no known price. ` +
    'Set one with PRICES_FILE (see docs/models.md), or count tokens instead.';
  return { outcome: 'refused', code: 'price-unknown', message };
}

/** The key of the run's conversation as its trigger gives it; middleware may change it later. */
function sessionKeyOf({ payload, context, origin }: Run, { session }: AgentSummary): string | null {
  if (session === null) return origin?.conversation?.key ?? null;
  return keyAtPath({ input: payload.exact, context }, session.key);
}

/** What a counter passes: the mark for a warning, or the limit. */
type Crossing = 'budget.warning' | 'budget.reached';

/**
 * Notes that a counter has just passed its mark for a warning, or its limit: once per period, since exactly one
 * settlement passes it. For budgets of each run, only the log says it.
 *
 * @param state the counter after the settlement
 * @param used what the settlement has added, in units
 */
async function noteCrossing(
  engine: Engine,
  budget: Budget,
  state: CounterState,
  used: number,
): Promise<void> {
  const limit = unitsOf(budget.measure, budget.limit);
  const passes = (mark: number) => state.used >= mark && state.used - used < mark;
  if (passes(limit)) await note(engine, budget, 'budget.reached', state.used);
  else if (budget.warnAt !== null && passes((limit * budget.warnAt) / 100))
    await note(engine, budget, 'budget.warning', state.used);
}

async function note(engine: Engine, budget: Budget, crossing: Crossing, units: number): Promise<void> {
  const { budgetId, name, measure, onLimit } = budget;
  const used = amountOf(measure, units);
  engine.log.warn(crossing, {
    budget_id: budgetId,
    budget: name,
    used,
    limit: budget.limit,
    on_limit: onLimit,
  });
  if (budget.period === 'run') return;
  const detail = `The budget "${name}" (${limitText(budget)}) has used ${amountText(measure, used)}.`;
  await recordAction(engine, 'system', crossing, budgetId, detail);
  await notifySubscribers(engine, { type: crossing, summary: detail, about: {} });
}
