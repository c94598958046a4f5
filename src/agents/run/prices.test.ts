import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { llmAgent, runOne } from '../../../test/agents/run-one.ts';
import { startGeminiServer } from '../../../test/model-servers/gemini-server.ts';
import type { ModelServer } from '../../../test/model-servers/model-server.ts';

describe('what a run costs', () => {
  let server: ModelServer;
  let folder: string;

  beforeAll(async () => {
    server = await startGeminiServer({ script: [{ text: 'Paris' }] });
    folder = await mkdtemp(join(tmpdir(), 'prices-'));
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  async function run(model: string, prices?: string) {
    const file = prices === undefined ? {} : { PRICES_FILE: join(folder, `${prices.length}.json`) };
    if (file.PRICES_FILE !== undefined && prices !== undefined) await writeFile(file.PRICES_FILE, prices);
    const env = { GEMINI_API_KEY: 'key-of-the-tests-1234', GEMINI_BASE_URL: server.url, ...file };
    return runOne({ agents: [llmAgent('capital', { model })], env });
  }

  test('comes from the public price list', async () => {
    const outcome = await run('gemini/gemini-2.5-flash');
    expect(outcome.costUsd).toBeGreaterThan(0);
    expect(outcome.costUsd).toBeLessThan(0.001);
  });

  test('is unknown for a model without a price, never a guess', async () => {
    const outcome = await run('gemini/our-own-model');
    expect(outcome.costUsd).toBeNull();
    expect(outcome.tokenUsage?.total).toBe(19);
  });

  test("comes from the operator's file where that has the model", async () => {
    const price = { input_per_million: 1_000, output_per_million: 2_000, cached_input_per_million: 500 };
    const outcome = await run('gemini/our-own-model', JSON.stringify({ 'gemini/our-own-model': price }));
    expect(outcome.costUsd).toBeCloseTo((8 * 1_000 + 4 * 500 + 7 * 2_000) / 1_000_000, 10);
  });

  test('is told not to come from a file that cannot be used', async () => {
    const outcome = await run('gemini/our-own-model', '{"gemini/our-own-model": {"input": 1}}');
    expect(outcome.outcome).toBe('completed');
    expect(outcome.warnings.join()).toContain('The price file of PRICES_FILE could not be used');
  });
});
