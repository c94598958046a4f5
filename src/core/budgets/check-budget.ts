import { nameProblems } from '../connectors/create-connector.ts';
import { lineProblem } from '../control-characters.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { Engine } from '../ports/engine.ts';
import { connectorNotFound, noSuchAgent, type Refusal, refuse } from '../refusal.ts';
import type { Budget } from './budget.ts';
import { agentsWithSteps, isTimeZone } from './budgets-of.ts';

/** What operators decide about a budget. */
export type BudgetDraft = Omit<Budget, 'budgetId' | 'createdAt' | 'version'>;

/** The largest limit: sums stay exact far beyond it. */
const largestLimit = { usd: 1_000_000, tokens: 1_000_000_000_000, runs: 1_000_000_000 };
const nameLength = 100;

/**
 * Everything that is wrong with a budget.
 * @throws RetryableError when the store is unavailable
 */
export async function budgetProblems(engine: Engine, draft: BudgetDraft): Promise<readonly FieldProblem[]> {
  return [
    ...budgetNameProblems(draft),
    ...(await scopeProblems(engine, draft)),
    ...limitProblems(draft),
    ...periodProblems(draft),
  ];
}

function budgetNameProblems({ name }: BudgetDraft): FieldProblem[] {
  if (name.length <= nameLength) return nameProblems(name);
  return [{ field: 'name', message: `must have at most ${nameLength} characters` }];
}

async function scopeProblems(engine: Engine, { scope }: BudgetDraft): Promise<FieldProblem[]> {
  const { type, id } = scope;
  const field = 'scope.id';
  if (type === 'deployment')
    return id === null ? [] : [{ field, message: 'is not for the scope "deployment"' }];
  if (type === 'session' || type === 'concurrency') {
    if (id === '') return [{ field, message: 'must not be empty; leave it out to limit each key' }];
    const message = id === null ? null : lineProblem(id);
    return message === null ? [] : [{ field, message }];
  }
  if (id === null || id === '') return [{ field, message: `is required: ${neededId[type]}` }];
  if (type === 'agent') {
    return engine.agents.get(id) === null ? [{ field, message: noSuchAgent(id, engine.agents) }] : [];
  }
  return (await engine.connectors.get(id)) === null ? [{ field, message: connectorNotFound(id).detail }] : [];
}

const neededId = { agent: 'the name of the agent', connector: 'the id of the connector' };

function limitProblems({ measure, limit, warnAt }: BudgetDraft): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const most = largestLimit[measure];
  if (!(limit > 0 && limit <= most)) {
    problems.push({
      field: 'limit',
      message: `must be more than 0 and at most ${most.toLocaleString('en-US')}`,
    });
  } else if (measure !== 'usd' && !Number.isInteger(limit)) {
    problems.push({ field: 'limit', message: `must be a whole number of ${measure}` });
  }
  if (warnAt !== null && !(warnAt >= 1 && warnAt <= 100)) {
    problems.push({
      field: 'warn_at',
      message: 'must be a percentage from 1 to 100, or null for no warning',
    });
  }
  return problems;
}

function periodProblems({ measure, period, timeZone, onLimit }: BudgetDraft): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!isTimeZone(timeZone)) {
    problems.push({
      field: 'time_zone',
      message: `is not a time zone: "${timeZone}"; expected a name such as Europe/Berlin`,
    });
  }
  if (period !== 'run') return problems;
  if (measure === 'runs') {
    problems.push({ field: 'period', message: 'must be hour, day, or month for a budget that counts runs' });
  }
  if (onLimit !== 'stop') {
    problems.push({
      field: 'on_limit',
      message: 'must be stop for the period "run": the run has nothing to wait for',
    });
  }
  return problems;
}

type CountedRuns = Pick<Budget, 'scope' | 'measure'>;

/**
 * Refuses a budget in US dollars if the price of a model that its runs use is not known; `null` if all are.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function refuseUnpriced(
  engine: Engine,
  counted: CountedRuns,
): Promise<Refusal<'price-unknown'> | null> {
  const problem = await unpricedProblem(engine, counted);
  if (problem === null) return null;
  const remedy =
    'Set prices with PRICES_FILE (see docs/models.md), choose a narrower scope, or count tokens instead.';
  return refuse('price-unknown', `${problem} ${remedy}`);
}

/**
 * Why a budget in US dollars cannot limit its runs, in one sentence; `null` if it can.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function unpricedProblem(
  engine: Engine,
  { scope, measure }: CountedRuns,
): Promise<string | null> {
  if (measure !== 'usd') return null;
  const unpriced = await engine.agents.unpricedModels();
  if (unpriced.size === 0) return null;
  const found = (await agentsIn(engine, scope))
    .flatMap((agent) => agentsWithSteps(engine.agents, agent))
    .flatMap((agent) => (unpriced.get(agent) ?? []).map((model) => ({ agent, model })));
  const [first] = found;
  if (first === undefined) return null;
  const models = [...new Set(found.map(({ model }) => `"${model}"`))];
  const [what, whose] =
    models.length === 1 ? [`the model ${models[0]}`, 'its'] : [`the models ${models.join(', ')}`, 'their'];
  return `The price of ${what} is not known, so ${whose} cost cannot be limited (agent "${first.agent}").`;
}

async function agentsIn(
  { agents, connectors }: Engine,
  { type, id }: Budget['scope'],
): Promise<readonly string[]> {
  if (type === 'agent' && id !== null) return [id];
  if (type === 'connector' && id !== null) return (await connectors.get(id))?.agents ?? [];
  const all = agents.list();
  const counted =
    type === 'session'
      ? all.filter(({ session }) => session !== null)
      : all.filter(({ concurrency }) => type === 'deployment' || concurrency !== null);
  return counted.map(({ name }) => name);
}
