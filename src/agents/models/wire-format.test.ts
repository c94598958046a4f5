import { afterEach, describe, expect, test } from '@jest/globals';
import { errorOf, llmAgent, orderTool, outputOf, runOne } from '../../../test/agents/run-one.ts';
import { startAnthropicServer } from '../../../test/model-servers/anthropic-server.ts';
import { startGeminiServer } from '../../../test/model-servers/gemini-server.ts';
import type { ModelServer, ModelServerOptions } from '../../../test/model-servers/model-server.ts';
import { startOpenAiChatServer } from '../../../test/model-servers/openai-chat-server.ts';
import { startOpenAiServer } from '../../../test/model-servers/openai-server.ts';

/** Every provider whose wire format the test servers implement passes the same suite. */
const providers = [
  {
    prefix: 'gemini',
    model: 'gemini/gemini-2.5-flash',
    start: startGeminiServer,
    key: 'GEMINI_API_KEY',
    baseUrl: 'GEMINI_BASE_URL',
  },
  {
    prefix: 'openai',
    model: 'openai/gpt-5.2',
    start: startOpenAiServer,
    key: 'OPENAI_API_KEY',
    baseUrl: 'OPENAI_BASE_URL',
  },
  {
    prefix: 'anthropic',
    model: 'anthropic/claude-sonnet-5',
    start: startAnthropicServer,
    key: 'ANTHROPIC_API_KEY',
    baseUrl: 'ANTHROPIC_BASE_URL',
  },
  {
    prefix: 'my-llm',
    model: 'my-llm/meta/llama-4',
    start: startOpenAiChatServer,
    key: 'MODEL_PROVIDER_MY_LLM_API_KEY',
    baseUrl: 'MODEL_PROVIDER_MY_LLM_BASE_URL',
  },
  {
    prefix: 'openrouter',
    model: 'openrouter/meta/llama-4',
    start: startOpenAiChatServer,
    key: 'OPENROUTER_API_KEY',
    baseUrl: 'OPENROUTER_BASE_URL',
  },
  {
    prefix: 'azure',
    model: 'azure/our-deployment',
    start: startOpenAiServer,
    key: 'AZURE_API_KEY',
    baseUrl: 'AZURE_BASE_URL',
    // Its library does not parse refusals: it treats them as malformed answers.
    refusal: 'model-error',
  },
] as const;

const apiKey = 'key-of-the-tests-1234';
const answerSchema = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

describe.each(providers)('models of $prefix', ({ model, start, key, baseUrl, ...provider }) => {
  let server: ModelServer | null = null;

  async function serve(script: ModelServerOptions['script']) {
    server = await start({ script, apiKey });
    return { [key]: apiKey, [baseUrl]: server.url };
  }

  const sent = (index: number) => JSON.stringify(server?.requests[index]?.body);

  afterEach(async () => {
    await server?.close();
    server = null;
  });

  test('answer with a text, and their tokens are counted', async () => {
    const env = await serve([{ text: 'Paris' }]);
    const agent = llmAgent('capital', { model, systemPrompt: 'Answer for {customer}.' });
    const outcome = await runOne({ agents: [agent], env, request: { context: { customer: 'Ada' } } });
    expect(outputOf(outcome)).toBe('Paris');
    expect(outcome.model).toBe(model);
    expect(outcome.tokenUsage).toEqual({ input: 12, output: 7, total: 19, cached: 4, reasoning: 0 });
    expect(sent(0)).toContain('Answer for Ada.');
    expect(sent(0)).toContain('Hello');
  });

  test('answer with JSON that fits the output schema, which they were told', async () => {
    const env = await serve([{ text: '{"answer": "Paris"}' }]);
    const agent = llmAgent('capital', { model, outputSchema: answerSchema });
    expect(outputOf(await runOne({ agents: [agent], env }))).toBe('{"answer": "Paris"}');
    expect(sent(0)).toContain('"answer":{"type":"string"}');
  });

  test('fail the run where the JSON does not fit', async () => {
    const env = await serve([{ text: '{"answer": 5}' }]);
    const agent = llmAgent('capital', { model, outputSchema: answerSchema });
    expect(errorOf(await runOne({ agents: [agent], env }))).toEqual({
      code: 'output-invalid',
      message: `The answer of ${model} does not fit the output schema: "answer" must be string.`,
    });
  });

  test('call tools for two rounds, and get what each returned', async () => {
    const env = await serve([
      { toolCalls: [{ name: 'orders__findOrder', arguments: { orderId: 'A-1' } }] },
      { toolCalls: [{ name: 'orders__findOrder', arguments: { orderId: 'A-2' } }] },
      { text: 'Both are on their way.' },
    ]);
    const asked: unknown[] = [];
    const outcome = await runOne({
      agents: [llmAgent('support', { model, tools: [{ name: 'orders.findOrder', condition: null }] })],
      descriptions: [orderTool('orders.findOrder')],
      tools: {
        'orders.findOrder': async ({ orderId }: { orderId: string }) => {
          asked.push(orderId);
          return { orderId, state: `sent-${orderId}` };
        },
      },
      env,
    });
    expect(outputOf(outcome)).toBe('Both are on their way.');
    expect(asked).toEqual(['A-1', 'A-2']);
    expect(sent(0)).toContain('orders__findOrder');
    expect(sent(0)).toContain('Finds an order.');
    expect(sent(1)).toContain('sent-A-1');
    expect(sent(2)).toContain('sent-A-2');
    expect(outcome.tokenUsage?.total).toBe(3 * 19);
    const tools = outcome.trace.spans.filter(({ kind }) => kind === 'tool');
    expect(tools.map(({ attributes }) => attributes['gen_ai.tool.call.arguments'])).toEqual([
      '{"orderId":"A-1"}',
      '{"orderId":"A-2"}',
    ]);
  });

  test('stream their text as they write it', async () => {
    const env = await serve([{ text: ['It is', ' Paris', '.'] }]);
    const pieces: string[] = [];
    const hooks = { onText: (text: string) => void pieces.push(text) };
    const outcome = await runOne({ agents: [llmAgent('capital', { model })], env, hooks });
    expect(outputOf(outcome)).toBe('It is Paris.');
    expect(pieces.join('')).toBe('It is Paris.');
    expect(pieces.length).toBeGreaterThan(1);
    expect(outcome.tokenUsage?.total).toBe(19);
  });

  test('stream an answer after a tool call', async () => {
    const env = await serve([
      { toolCalls: [{ name: 'orders__findOrder', arguments: { orderId: 'A-1' } }] },
      { text: ['On its', ' way.'] },
    ]);
    const outcome = await runOne({
      agents: [llmAgent('support', { model, tools: [{ name: 'orders.findOrder', condition: null }] })],
      descriptions: [orderTool('orders.findOrder')],
      tools: { 'orders.findOrder': async () => 'sent' },
      hooks: { onText: () => undefined },
      env,
    });
    expect(outputOf(outcome)).toBe('On its way.');
  });

  test('are asked again after a 429, and the wait is in the trace', async () => {
    const env = await serve([{ status: 429, message: 'Slow down.' }, { text: 'Paris' }]);
    const retry = { attempts: 3, initialDelaySeconds: 0.01, maxDelaySeconds: 0.02 };
    const outcome = await runOne({ agents: [llmAgent('capital', { model, retry })], env });
    expect(outputOf(outcome)).toBe('Paris');
    expect(server?.requests).toHaveLength(2);
    const waits = outcome.trace.spans.filter(({ kind }) => kind === 'retry');
    expect(waits.map(({ name }) => name)).toEqual(['retry 2 of 3']);
    expect(waits[0]?.attributes['retry.reason']).toBe(`${model} answered 429: Slow down.`);
  });

  test('give way to the fallback model once a 500 has used up the attempts', async () => {
    const env = await serve([{ status: 500, message: 'Broken.' }]);
    const retry = { attempts: 2, initialDelaySeconds: 0.01, maxDelaySeconds: 0.02 };
    const agent = llmAgent('capital', { model, retry, fallbackModel: 'demo/scripted' });
    const outcome = await runOne({ agents: [agent], env, request: { payload: { message: 'say Rome' } } });
    expect(outputOf(outcome)).toBe('Rome');
    expect(server?.requests).toHaveLength(2);
    expect(outcome.model).toBe('demo/scripted');
    expect(outcome.warnings).toContain(
      `The fallback model demo/scripted took over: ${model} answered 500: Broken.`,
    );
  });

  test('end with the agent when the connection hangs', async () => {
    const env = await serve([{ hang: true }]);
    const outcome = await runOne({ agents: [llmAgent('capital', { model, timeoutSeconds: 0.2 })], env });
    expect(errorOf(outcome)).toEqual({
      code: 'timeout',
      message: 'The agent "capital" did not end within 0.2 seconds.',
    });
  });

  test('fail the run when the connection breaks, without an attempt left', async () => {
    const env = await serve([{ disconnect: true }]);
    const error = errorOf(await runOne({ agents: [llmAgent('capital', { model })], env }));
    expect(error.code).toBe('model-error');
    expect(error.message).toContain(`${model} could not be reached`);
  });

  test.each([true, false])(
    'fail the run when the answer breaks off half-way (streaming: %s)',
    async (isStreaming) => {
      const env = await serve([{ breaksOff: 'It is' }]);
      const hooks = isStreaming ? { onText: () => undefined } : {};
      const error = errorOf(await runOne({ agents: [llmAgent('capital', { model })], env, hooks }));
      expect(error.code).toBe('model-error');
      expect(error.message).toContain(model);
    },
  );

  test('fail the run when the model refuses', async () => {
    const env = await serve([{ refusal: 'I cannot help with that.' }]);
    const error = errorOf(await runOne({ agents: [llmAgent('capital', { model })], env }));
    expect(error.code).toBe('refusal' in provider ? provider.refusal : 'model-refused');
    expect(error.message).toContain(model);
  });

  test('fail the run when the answer was cut off at the limit of tokens', async () => {
    const env = await serve([{ truncated: 'It is Par' }]);
    const outcome = await runOne({ agents: [llmAgent('capital', { model })], env });
    expect(errorOf(outcome).code).toBe('output-truncated');
    expect(outcome.tokenUsage?.total).toBe(19);
  });

  test('fail the run when the answer is not of the format', async () => {
    const env = await serve([{ body: '{"candidates": 5, "content": 5, "output": 5, "choices": 5}' }]);
    const error = errorOf(await runOne({ agents: [llmAgent('capital', { model })], env }));
    expect(error.code).toBe('model-error');
    expect(error.message).toContain(`${model} returned no usable answer`);
  });

  test('name a wrong key without showing it, and are not asked again', async () => {
    const env = { ...(await serve([{ text: 'Paris' }])), [key]: 'wrong-key-987654321' };
    const retry = { attempts: 3, initialDelaySeconds: 0.01, maxDelaySeconds: 0.02 };
    const outcome = await runOne({ agents: [llmAgent('capital', { model, retry })], env });
    expect(errorOf(outcome)).toEqual({
      code: 'model-error',
      message: `${model} answered 401: The API key is not valid. Check the provider key.`,
    });
    expect(server?.requests).toHaveLength(1);
    expect(JSON.stringify(outcome)).not.toContain('wrong-key-987654321');
  });

  test('are told the temperature, or the run says that they take none', async () => {
    const env = await serve([{ text: 'Paris' }]);
    const outcome = await runOne({ agents: [llmAgent('capital', { model, temperature: 0.5 })], env });
    const isTold = server?.requests[0]?.body.temperature === 0.5 || sent(0).includes('"temperature":0.5');
    expect(isTold || outcome.warnings.some((warning) => warning.includes('temperature'))).toBe(true);
  });
});
