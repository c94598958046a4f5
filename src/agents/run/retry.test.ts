import { afterEach, describe, expect, test } from '@jest/globals';
import { errorOf, llmAgent, outputOf, runOne, sequentialAgent } from '../../../test/agents/run-one.ts';
import type { ModelServer, ScriptedReply } from '../../../test/model-servers/model-server.ts';
import { startOpenAiServer } from '../../../test/model-servers/openai-server.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { AgentHooks } from '../../core/ports/agent-executor.ts';
import type { AgentDefinition, LlmAgent } from '../agent-definition.ts';

describe('a model call that failed', () => {
  let server: ModelServer | null = null;

  afterEach(async () => {
    await server?.close();
  });

  async function run(script: readonly ScriptedReply[], fields = {}) {
    server = await startOpenAiServer({ script });
    const env = { OPENAI_API_KEY: 'key-of-the-tests-1234', OPENAI_BASE_URL: server.url };
    const retry = { attempts: 3, initialDelaySeconds: 0.01, maxDelaySeconds: 0.5 };
    return runOne({ agents: [llmAgent('capital', { model: 'openai/gpt-5.2', retry, ...fields })], env });
  }

  test('waits as long as the provider asks, where that is longer', async () => {
    const outcome = await run([
      { status: 429, message: 'Slow down.', headers: { 'retry-after-ms': '120' } },
      { text: 'Paris' },
    ]);
    expect(outputOf(outcome)).toBe('Paris');
    const wait = outcome.trace.spans.find(({ kind }) => kind === 'retry');
    expect(wait?.attributes['retry.delay_ms']).toBe(120);
  });

  test('is not tried again where the provider asks to wait longer than max_delay', async () => {
    const outcome = await run([
      { status: 429, message: 'Quota used up.', headers: { 'retry-after': '3600' } },
    ]);
    expect(errorOf(outcome).message).toBe('openai/gpt-5.2 answered 429: Quota used up.');
    expect(server?.requests).toHaveLength(1);
  });

  test('is not tried again where nothing changes by it', async () => {
    const outcome = await run([{ status: 400, message: 'Unknown model.' }]);
    expect(errorOf(outcome).message).toBe('openai/gpt-5.2 answered 400: Unknown model.');
    expect(server?.requests).toHaveLength(1);
  });

  test('is tried again where the answer does not fit the schema', async () => {
    const outputSchema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
    const outcome = await run([{ text: 'Paris' }, { text: '```json\n{"answer":"Paris"}\n```' }], {
      outputSchema,
    });
    expect(outputOf(outcome)).toBe('{"answer":"Paris"}');
    expect(outcome.tokenUsage?.total).toBe(2 * 19);
  });

  test('fails the run with the last error once the attempts are used up', async () => {
    const outcome = await run([{ status: 503, message: 'Away.' }]);
    expect(errorOf(outcome)).toEqual({ code: 'model-error', message: 'openai/gpt-5.2 answered 503: Away.' });
    expect(server?.requests).toHaveLength(3);
  });
});

describe('what an agent starts by a tool', () => {
  /** How often the run has made each call before, as the platform hears of it. */
  async function occurrencesOf(agents: (writer: LlmAgent) => AgentDefinition[], script: ScriptedReply[]) {
    const server = await startOpenAiServer({ script });
    const env = { OPENAI_API_KEY: 'key-of-the-tests-1234', OPENAI_BASE_URL: server.url };
    const writer = llmAgent('writer', {
      model: 'openai/gpt-5.2',
      tools: [{ name: 'trigger_agent', condition: null }],
    });
    const occurrences: number[] = [];
    const hooks: Partial<AgentHooks> = {
      trigger: async ({ occurrence }) => {
        occurrences.push(occurrence);
        return { outcome: 'refused', reason: 'Not in a test.' };
      },
    };
    try {
      outputOf(await runOne({ agents: agents(writer), env, hooks }));
      return occurrences;
    } finally {
      await server.close();
    }
  }
  const call = (given: JsonObject = {}): ScriptedReply => ({
    toolCalls: [{ name: 'trigger_agent', arguments: { agent_name: 'other', payload: { n: 1 }, ...given } }],
  });

  test('is the same run when the step that started it is tried again', async () => {
    const retry = { attempts: 2, initialDelaySeconds: 0.01, maxDelaySeconds: 0.02 };
    const script = [call(), { status: 503, message: 'Away.' }, call(), call(), { text: 'Done' }];
    const agents = (writer: LlmAgent) => [sequentialAgent('flow', ['writer'], { retry }), writer];
    expect(await occurrencesOf(agents, script)).toEqual([0, 0, 1]);
  });

  test('is another run for each call with the same payload, whether or not it waits for the answer', async () => {
    const script = [
      call(),
      call({ wait_for_response: false }),
      call({ timeout_seconds: 5 }),
      { text: 'Done' },
    ];
    expect(await occurrencesOf((writer) => [writer], script)).toEqual([0, 1, 2]);
  });
});
