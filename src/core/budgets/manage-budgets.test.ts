import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { maxBudgets } from '../ports/budget-store.ts';
import type { Budget } from './budget.ts';
import { budgetsInNeed } from './budgets-in-need.ts';
import { changeBudget } from './manage-budgets.ts';

let folder: string;
let product: RunningProduct;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unpriced-models-'));
  await mkdir(join(folder, 'agents'));
  const agent = (name: string, model: string) =>
    writeFile(
      join(folder, 'agents', `${name}.yaml`),
      `version: "1.0"\nname: ${name}\ntype: llm\nmodel: ${model}\ndescription: Writes.\nsystem_prompt: Write.\n`,
    );
  await agent('writer', 'openai/our-own-1');
  await agent('poet', 'openai/our-own-2');
  await agent('clerk', 'gemini/gemini-2.5-flash');
  product = await runProduct({ projectDir: folder });
});

afterAll(async () => {
  await product.stop();
  await rm(folder, { recursive: true });
});

function create(name: string, given: Record<string, unknown> = {}) {
  return product.call('POST', '/budgets', { name, measure: 'tokens', period: 'day', limit: 1, ...given });
}

test('a budget in dollars needs the price of every model that it limits', async () => {
  const dollars = { measure: 'usd', scope: { type: 'agent', id: 'writer' } };
  expect(await create('dollars', dollars)).toMatchObject({
    status: 409,
    json: {
      code: 'price-unknown',
      detail:
        'The price of the model "openai/our-own-1" is not known, so its cost cannot be limited (agent "writer"). ' +
        'Set prices with PRICES_FILE (see docs/models.md), choose a narrower scope, or count tokens instead.',
    },
  });
  expect(await create('all dollars', { measure: 'usd' })).toMatchObject({
    json: {
      detail: expect.stringMatching(/^The price of the models ".*", ".*" is not known, so their cost/),
    },
  });
  const priced = await create('priced', { measure: 'usd', scope: { type: 'agent', id: 'clerk' } });
  expect(priced.status).toBe(201);
});

test.each(['session', 'concurrency'])(
  'the key of a budget for a %s, and its name, are one line of text',
  async (type) => {
    const answer = await create('a\tb', { scope: { type, id: 'customer\u0000' } });
    const message = 'must be one line of text without control characters';
    expect(answer).toMatchObject({
      status: 400,
      json: {
        problems: [
          { field: 'name', message },
          { field: 'scope.id', message },
        ],
      },
    });
  },
);

test('a budget in dollars needs attention once the project calls a model without a price', async () => {
  const budget: Budget = {
    ...{ budgetId: 'older', name: 'older', scope: { type: 'agent', id: 'poet' }, measure: 'usd' },
    ...{ period: 'day', timeZone: 'UTC', limit: 1, warnAt: null, onLimit: 'hold', createdAt: 1, version: 1 },
  };
  await product.engine.budgets.create(budget);
  expect(await budgetsInNeed(product.engine)).toEqual([
    {
      kind: 'budget-unpriced',
      subject: 'older',
      title: 'older',
      reason:
        'The price of the model "openai/our-own-2" is not known, so its cost cannot be limited (agent "poet").',
      since: null,
      whatToDo:
        'Calls that have no price fail. Set prices with PRICES_FILE (see docs/models.md), or count tokens instead.',
    },
  ]);
  await product.engine.budgets.delete('older');
});

test('of two changes at the same moment, one is made, and the other is told to look again', async () => {
  const { json } = await create('twice');
  const { id } = json as { id: string };
  const changes = [2, 3].map((limit) => changeBudget(product.engine, 'tester', id, { limit }));
  const outcomes = await Promise.all(changes);
  expect(outcomes).toContainEqual(
    expect.objectContaining({
      reason: 'budget-changed',
      detail: 'Another operator has just changed this budget. Look at it again, and repeat the change.',
    }),
  );
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'refused']);
});

test(`there are at most ${maxBudgets} budgets`, async () => {
  let answer = await create('budget 0');
  for (let count = 1; answer.status === 201; count++) answer = await create(`budget ${count}`);
  expect(answer).toMatchObject({
    status: 409,
    json: {
      code: 'too-many-budgets',
      detail: `There are ${maxBudgets} budgets, which is the maximum. Delete one first.`,
    },
  });
});
