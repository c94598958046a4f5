import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { Payload } from '../json/json-value.ts';
import type { AgentSummary } from '../ports/agent-catalog.ts';
import type { Run } from '../runs/run.ts';
import { startRun } from '../runs/start-run.ts';
import { AttemptBudget } from './attempt-budget.ts';

let product: RunningProduct;
let run: Run;
let agent: AgentSummary;

beforeAll(async () => {
  product = await runProduct();
  const { engine } = product;
  const started = await startRun(engine, 'tester', 'echo', Payload.of({}));
  if (started.outcome === 'refused') throw new Error(started.detail);
  await engine.signals.whenEnded(started.runId, AbortSignal.timeout(30_000));
  const [found, summary] = [await engine.runs.get(started.runId), engine.agents.get('echo')];
  if (found === null || summary === null) throw new Error('the run and its agent exist');
  [run, agent] = [found, summary];
  const draft = { name: 'each run', measure: 'tokens', period: 'run', limit: 100, on_limit: 'stop' };
  expect((await product.call('POST', '/budgets', draft)).status).toBe(201);
});

afterAll(() => product.stop());

const call = (tokens: number) => ({
  agentName: 'echo',
  model: 'demo/demo',
  sessionKey: null,
  atMost: { tokens, usd: null },
});

test('calls of one attempt wait for each other; the next attempt ends where a killed one has reserved the rest', async () => {
  const killed = new AttemptBudget(product.engine, run, agent);
  const verdicts = await Promise.all([killed.reserve(call(70)), killed.reserve(call(60))]);
  expect(verdicts).toMatchObject([{ outcome: 'granted' }, { outcome: 'wait' }]);
  const next = new AttemptBudget(product.engine, run, agent);
  expect(await next.enter()).toMatchObject({ outcome: 'granted' });
  expect(await next.reserve(call(60))).toEqual({
    outcome: 'refused',
    code: 'budget-exceeded',
    message: 'The budget "each run" (100 tokens a run) is used up.',
  });
  expect(await next.reserve(call(30))).toMatchObject({ outcome: 'granted' });
  expect(await next.reserve(call(60))).toEqual({ outcome: 'wait' });
});

test('a call of a model without a known price is refused where dollars are counted', async () => {
  const scope = { type: 'agent', id: 'echo' };
  const draft = { name: 'dollars', measure: 'usd', period: 'day', limit: 100, scope };
  expect((await product.call('POST', '/budgets', draft)).status).toBe(201);
  const attempt = new AttemptBudget(product.engine, { ...run, runId: crypto.randomUUID() }, agent);
  expect(await attempt.reserve(call(1))).toEqual({
    outcome: 'refused',
    code: 'price-unknown',
    message:
      'The budget "dollars" counts US dollars, but the model "demo/demo" has no known price. ' +
      'Set one with PRICES_FILE (see docs/models.md), or count tokens instead.',
  });
});
