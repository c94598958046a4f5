import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { llmAgent, runOne } from '../../../test/agents/run-one.ts';
import { startGeminiServer } from '../../../test/model-servers/gemini-server.ts';
import type { ModelServer, ScriptedReply } from '../../../test/model-servers/model-server.ts';
import type { CallCost, CallVerdict, PlannedCall } from '../../core/budgets/model-call.ts';
import { estimatedTokens } from './budgeted-call.ts';
import { withDeadline } from './deadline.ts';

const granted: CallVerdict = { outcome: 'granted', reservation: 'one' };

describe('a call of a model within a budget', () => {
  let server: ModelServer;
  let reply: ScriptedReply = { text: 'Paris' };

  beforeAll(async () => {
    server = await startGeminiServer({ script: () => reply });
  });

  afterAll(() => server.close());

  const reached = () => ({ GEMINI_API_KEY: 'key-of-the-tests-1234', GEMINI_BASE_URL: server.url });

  /** Runs one agent; each request for a reservation gets the next verdict, the last one for all further ones. */
  async function run(
    verdicts: readonly CallVerdict[],
    agent: Parameters<typeof llmAgent>[1] = {},
    env = reached(),
  ) {
    const planned: PlannedCall[] = [];
    const settled: (CallCost | null)[] = [];
    const budget = {
      async reserve(call: PlannedCall) {
        planned.push(call);
        return verdicts[planned.length - 1] ?? verdicts.at(-1) ?? granted;
      },
      async settle(_reservation: string, used: CallCost | null) {
        settled.push(used);
      },
    };
    const model = 'gemini/gemini-2.5-flash';
    const agents = [llmAgent('capital', { model, ...agent })];
    const before = server.requests.length;
    const outcome = await runOne({ agents, env, hooks: { budget } });
    return { outcome, planned, settled, calls: server.requests.slice(before) };
  }

  test('reserves the most that it can use, and settles what it has used', async () => {
    reply = { text: 'Paris' };
    const { outcome, planned, settled } = await run([granted]);
    expect(outcome).toMatchObject({ outcome: 'completed', output: 'Paris' });
    expect(planned).toMatchObject([
      { agentName: 'capital', model: 'gemini/gemini-2.5-flash', sessionKey: null },
    ]);
    expect(planned[0]?.atMost.tokens).toBeGreaterThan(8_192);
    expect(planned[0]?.atMost.usd).toBeGreaterThan(0.02);
    expect(settled).toEqual([{ tokens: 19, usd: outcome.costUsd }]);
  });

  test('reserves and allows as many output tokens as the agent says', async () => {
    reply = { text: 'Paris' };
    const { planned, calls } = await run([granted], { maxOutputTokens: 100 });
    expect(planned[0]?.atMost.tokens).toBeLessThan(300);
    expect(calls[0]?.body).toMatchObject({ generationConfig: { maxOutputTokens: 100 } });
  });

  test('waits while other calls have reserved the rest', async () => {
    reply = { text: 'Paris' };
    const { outcome, planned } = await run([{ outcome: 'wait' }, { outcome: 'wait' }, granted]);
    expect(outcome.outcome).toBe('completed');
    expect(planned).toHaveLength(3);
  });

  test('waits for half of the timeout of its agent, and then in the queue', async () => {
    const { outcome, planned } = await run([{ outcome: 'wait' }], { timeoutSeconds: 1 });
    expect(outcome.outcome).toBe('held');
    // Pauses double, with jitter: the shortest and the longest ones that together take half a second.
    expect(planned.length).toBeGreaterThanOrEqual(4);
    expect(planned.length).toBeLessThanOrEqual(6);
  });

  test('waits outside of the timeout of its agent', async () => {
    let lostMs = 0;
    const work = async () => {
      lostMs = 300;
      await sleep(450);
      return 'ended';
    };
    const { signal } = new AbortController();
    await expect(withDeadline('capital', 0.3, signal, () => lostMs, work)).resolves.toBe('ended');
  });

  test('is not made where the budget is used up: the run is held, whatever other models it has', async () => {
    const { outcome, calls, planned } = await run([{ outcome: 'held' }], {
      fallbackModel: 'gemini/gemini-2.5-pro',
    });
    expect(outcome.outcome).toBe('held');
    expect([calls, planned.length]).toEqual([[], 1]);
  });

  test('fails with the budget that is used up, whatever other models it has', async () => {
    const refused: CallVerdict = { outcome: 'refused', code: 'budget-exceeded', message: 'It is used up.' };
    const { outcome, calls } = await run([refused], { fallbackModel: 'gemini/gemini-2.5-pro' });
    expect(outcome).toMatchObject({
      outcome: 'failed',
      error: { code: 'budget-exceeded', message: 'It is used up.' },
    });
    expect(calls).toEqual([]);
  });

  test('has used nothing where the provider refuses it', async () => {
    reply = { status: 400, message: 'No.' };
    expect((await run([granted])).settled).toEqual([{ tokens: 0, usd: 0 }]);
  });

  test('has used nothing where the provider is not reached', async () => {
    const gone = await startGeminiServer({ script: [reply] });
    await gone.close();
    expect((await run([granted], {}, { ...reached(), GEMINI_BASE_URL: gone.url })).settled).toEqual([
      { tokens: 0, usd: 0 },
    ]);
  });

  test('has used what it reserved where its answer is lost', async () => {
    reply = { disconnect: true };
    const { outcome, settled } = await run([granted]);
    expect(outcome.outcome).toBe('failed');
    expect(settled).toEqual([null]);
  });

  test('has used what it was billed for where its answer is not usable', async () => {
    reply = { truncated: 'Par' };
    const { outcome, settled } = await run([granted]);
    expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'output-truncated' } });
    expect(settled).toEqual([{ tokens: 19, usd: outcome.costUsd }]);
  });
});

describe('the tokens of a prompt', () => {
  test('are estimated rather too high than too low', () => {
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(10);
    const prompt = { systemPrompt: '', messages: [{ role: 'user' as const, content: text }], tools: {} };
    // A tokenizer needs 10 per sentence.
    expect(estimatedTokens(prompt)).toBeGreaterThan(100);
    expect(estimatedTokens(prompt)).toBeLessThan(200);
  });

  test('of a file depend on its size', () => {
    const file = { type: 'file' as const, mediaType: 'image/png', data: new Uint8Array(1_000_000) };
    const prompt = { systemPrompt: '', messages: [{ role: 'user' as const, content: [file] }], tools: {} };
    expect(estimatedTokens(prompt)).toBeGreaterThan(20_000);
    expect(estimatedTokens(prompt)).toBeLessThan(30_000);
  });
});
