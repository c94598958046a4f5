import { afterEach, describe, expect, test } from '@jest/globals';
import { llmAgent, orderTool, outputOf, runOne } from '../../../test/agents/run-one.ts';
import { startAnthropicServer } from '../../../test/model-servers/anthropic-server.ts';
import { startGeminiServer } from '../../../test/model-servers/gemini-server.ts';
import type { ModelServer, ScriptedReply } from '../../../test/model-servers/model-server.ts';
import { startOpenAiServer } from '../../../test/model-servers/openai-server.ts';

const pixel = {
  name: 'pixel.png',
  field_name: 'photo',
  mime_type: 'image/png',
  data: 'iVBORw0KGgo=',
  size: 8,
};
const table = {
  name: 'orders.csv',
  field_name: 'table',
  mime_type: 'text/csv',
  data: Buffer.from('id,total\nA-1,5').toString('base64'),
  size: 14,
};
const payload = { message: 'What is this?', files: [pixel, table] };
const outputSchema = {
  type: 'object',
  properties: { answer: { type: 'string' } },
  required: ['answer'],
  additionalProperties: false,
};

let server: ModelServer | null = null;

afterEach(async () => {
  await server?.close();
  server = null;
});

describe('what Gemini is sent', () => {
  const model = 'gemini/gemini-2.5-flash';

  async function serve(script: readonly ScriptedReply[]) {
    server = await startGeminiServer({ script });
    return { GOOGLE_API_KEY: 'key-of-the-tests-1234', GEMINI_BASE_URL: server.url };
  }

  test('names the model in the path and the key in its header', async () => {
    const env = await serve([{ text: 'Paris' }]);
    await runOne({ agents: [llmAgent('capital', { model })], env });
    expect(server?.requests[0]?.path).toBe('/v1beta/models/gemini-2.5-flash:generateContent');
    expect(server?.requests[0]?.headers['x-goog-api-key']).toBe('key-of-the-tests-1234');
  });

  test('is asked for a stream where somebody reads along', async () => {
    const env = await serve([{ text: ['Pa', 'ris'] }]);
    await runOne({ agents: [llmAgent('capital', { model })], env, hooks: { onText: () => undefined } });
    expect(server?.requests[0]?.path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
  });

  test('has the system prompt apart and every file as inline data', async () => {
    const env = await serve([{ text: 'A pixel' }]);
    await runOne({ agents: [llmAgent('eye', { model, systemPrompt: 'Look.' })], env, request: { payload } });
    expect(server?.requests[0]?.body).toMatchObject({
      systemInstruction: { parts: [{ text: 'Look.' }] },
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'What is this?' },
            { inlineData: { mimeType: 'image/png', data: pixel.data } },
            { inlineData: { mimeType: 'text/csv', data: table.data } },
          ],
        },
      ],
    });
  });

  test('has the output schema and the reasoning effort in its configuration', async () => {
    const env = await serve([{ text: '{"answer":"Paris"}' }]);
    await runOne({ agents: [llmAgent('capital', { model, outputSchema, reasoningEffort: 'low' })], env });
    expect(server?.requests[0]?.body.generationConfig).toMatchObject({
      responseMimeType: 'application/json',
      responseJsonSchema: { properties: { answer: { type: 'string' } }, required: ['answer'] },
      thinkingConfig: expect.anything(),
    });
  });

  test('may call tools and still has to answer by the schema', async () => {
    const env = await serve([
      { toolCalls: [{ name: 'orders__findOrder', arguments: { orderId: 'A-1' } }] },
      { toolCalls: [{ name: 'json', arguments: { answer: 'sent' } }] },
    ]);
    const agent = llmAgent('support', {
      model,
      outputSchema,
      tools: [{ name: 'orders.findOrder', condition: null }],
    });
    const outcome = await runOne({
      agents: [agent],
      descriptions: [orderTool('orders.findOrder')],
      tools: { 'orders.findOrder': async () => ({ state: 'sent' }) },
      env,
    });
    expect(outputOf(outcome)).toBe('{"answer":"sent"}');
    expect(server?.requests[1]?.body.contents).toMatchObject([
      { role: 'user' },
      { role: 'model', parts: [{ functionCall: { name: 'orders__findOrder', args: { orderId: 'A-1' } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'orders__findOrder' } }] },
    ]);
  });
});

describe('what OpenAI is sent', () => {
  const model = 'openai/gpt-5.2';

  async function serve(script: readonly ScriptedReply[]) {
    server = await startOpenAiServer({ script });
    return { OPENAI_API_KEY: 'key-of-the-tests-1234', OPENAI_BASE_URL: server.url };
  }

  test('has images as files, textual files as text, and is not stored', async () => {
    const env = await serve([{ text: 'A pixel' }]);
    await runOne({ agents: [llmAgent('eye', { model })], env, request: { payload } });
    expect(server?.requests[0]?.path).toBe('/v1/responses');
    expect(server?.requests[0]?.body).toMatchObject({
      store: false,
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is this?' },
            { type: 'input_image', image_url: `data:image/png;base64,${pixel.data}` },
            { type: 'input_text', text: 'File "orders.csv" (text/csv):\nid,total\nA-1,5' },
          ],
        },
      ],
    });
  });

  test('enforces a schema strictly only where strict mode can express it', async () => {
    const env = await serve([{ text: '{"answer":"Paris"}' }]);
    const { additionalProperties: _closed, ...open } = outputSchema;
    await runOne({ agents: [llmAgent('strict', { model, outputSchema })], env });
    await runOne({ agents: [llmAgent('open', { model, outputSchema: open })], env });
    const strictness = server?.requests.map(({ body }) => body.text);
    expect(strictness).toMatchObject([{ format: { strict: true } }, { format: { strict: false } }]);
  });
});

describe('what Anthropic is sent', () => {
  test('has images as sources and textual files as text', async () => {
    server = await startAnthropicServer({ script: [{ text: 'A pixel' }] });
    const env = { ANTHROPIC_API_KEY: 'key-of-the-tests-1234', ANTHROPIC_BASE_URL: server.url };
    const agent = llmAgent('eye', { model: 'anthropic/claude-sonnet-5', systemPrompt: 'Look.' });
    await runOne({ agents: [agent], env, request: { payload } });
    expect(server.requests[0]?.path).toBe('/v1/messages');
    expect(server.requests[0]?.body).toMatchObject({
      model: 'claude-sonnet-5',
      system: [{ type: 'text', text: 'Look.' }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel.data } },
            { type: 'text', text: 'File "orders.csv" (text/csv):\nid,total\nA-1,5' },
          ],
        },
      ],
    });
  });
});
