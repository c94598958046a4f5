import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { startGeminiServer } from '../model-servers/gemini-server.ts';
import type { ModelServer } from '../model-servers/model-server.ts';
import { eventually } from './eventually.ts';
import { scenarioModelKey } from './model-key.ts';
import { useTarget } from './target.ts';

const runCount = 64;
/** Each answer has 7 tokens, of which each costs one cent. */
const callUsd = 0.07;
const prices = { 'gemini/gemini-2.5-flash': { input_per_million: 0, output_per_million: 10_000 } };

const folder = mkdtempSync(join(tmpdir(), 'connectors-prices-'));
let model: ModelServer;

const target = useTarget(async () => {
  const file = join(folder, 'prices.json');
  writeFileSync(file, JSON.stringify(prices));
  model = await startGeminiServer({ script: [{ text: 'Hello.' }], apiKey: scenarioModelKey });
  return { GEMINI_BASE_URL: model.url, GEMINI_API_KEY: scenarioModelKey, PRICES_FILE: file };
});
const { operator } = target;

afterAll(async () => {
  await model.close();
  await rm(folder, { recursive: true });
});

const budget = z.looseObject({ id: z.uuid(), used: z.number(), reserved: z.number(), held_runs: z.number() });

test('64 runs at once spend no more than a dollar and one call, though the process is killed; raised, all complete', async () => {
  const draft = { name: 'A dollar', measure: 'usd', period: 'day', limit: 1 };
  const { id } = budget.parse((await operator.call('POST', '/budgets', draft)).json);
  const now = async () => budget.parse((await operator.call('GET', `/budgets/${id}`)).json);
  const payload = (n: number) => ({ message: 'Hi', conversation: String(n) });
  const runIds = await Promise.all(
    Array.from({ length: runCount }, (_, n) => operator.startRun('chat', payload(n))),
  );
  await eventually('some calls of the model', async () => model.requests.length >= 5);
  await target.crash();
  await eventually('the dollar to be spent, and all other runs to wait', async () => {
    const { held_runs } = await now();
    const { items } = await operator.runs('agent=chat&status=completed&limit=100');
    return held_runs + items.length === runCount;
  });
  const spent = model.requests.length * callUsd;
  // What calls had reserved when the process was killed counts as spent.
  expect(spent).toBeGreaterThanOrEqual(5 * callUsd);
  expect(spent).toBeLessThanOrEqual(1 + callUsd + 1e-9);
  const { used, reserved } = await now();
  expect(reserved).toBe(0);
  expect(used).toBeGreaterThanOrEqual(Math.max(1, spent) - 1e-9);
  await operator.call('PATCH', `/budgets/${id}`, { limit: 1_000 });
  for (const runId of runIds) expect(await operator.ended(runId)).toMatchObject({ status: 'completed' });
});
