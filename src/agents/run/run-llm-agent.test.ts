import { describe, expect, test } from '@jest/globals';
import {
  errorOf,
  llmAgent,
  orderTool,
  outputOf,
  runOne,
  sequentialAgent,
} from '../../../test/agents/run-one.ts';

const findOrder = { name: 'orders.findOrder', condition: null };
const descriptions = [orderTool('orders.findOrder'), orderTool('orders.cancelOrder')];
const tools = {
  'orders.findOrder': async ({ orderId }: { orderId: string }) => ({ orderId, state: 'sent' }),
  'orders.cancelOrder': async () => 'cancelled',
};
const say = (...lines: string[]) => ({ payload: { message: lines.join('\n') } });

describe('an llm agent', () => {
  test('is told back that arguments do not fit, and goes on', async () => {
    const outcome = await runOne({
      agents: [llmAgent('one', { tools: [findOrder] })],
      request: say('call orders.findOrder {"orderId": 5}'),
      descriptions,
      tools,
    });
    expect(outputOf(outcome)).toContain('The arguments do not fit: "orderId" must be string.');
    expect(outcome.trace.spans.find(({ kind }) => kind === 'tool')).toMatchObject({
      name: 'execute_tool orders.findOrder',
      status: 'error',
    });
  });

  test('fails when a tool throws', async () => {
    const outcome = await runOne({
      agents: [llmAgent('one', { tools: [findOrder] })],
      request: say('call orders.findOrder {"orderId": "A-1"}'),
      descriptions,
      tools: { 'orders.findOrder': async () => Promise.reject(new Error('database away')) },
    });
    expect(errorOf(outcome)).toEqual({
      code: 'tool-error',
      message: 'The tool "orders.findOrder" failed: database away',
    });
    expect(outcome.tokenUsage?.total).toBeGreaterThan(0);
  });

  test('ends after max_iterations calls of the model', async () => {
    const call = 'call orders.findOrder {"orderId": "A-1"}';
    const outcome = await runOne({
      agents: [llmAgent('one', { tools: [findOrder], maxIterations: 2 })],
      request: say(call, call, call),
      descriptions,
      tools,
    });
    expect(errorOf(outcome)).toEqual({
      code: 'max-iterations',
      message: 'The agent "one" had no answer after 2 model calls (max_iterations).',
    });
  });

  test('has a conditional tool only where its condition holds', async () => {
    const agent = llmAgent('one', {
      tools: [{ name: 'orders.cancelOrder', condition: 'context.role == "admin" and input.urgent' }],
    });
    const payload = { message: 'call orders.cancelOrder {"orderId": "A-1"}', urgent: true };
    const shared = { agents: [agent], descriptions, tools };
    const allowed = await runOne({ ...shared, request: { payload, context: { role: 'admin' } } });
    expect(outputOf(allowed)).toContain('A tool answered: cancelled');
    const hidden = await runOne({ ...shared, request: { payload, context: { role: 'guest' } } });
    expect(outputOf(hidden)).toContain('unavailable tool');
  });

  test('warns that a demo model wrote its output, and gives it no price', async () => {
    const outcome = await runOne({ agents: [llmAgent('one')] });
    expect(outputOf(outcome)).toContain('This is the built-in demo model; no AI was asked.');
    expect(outcome.warnings).toEqual([
      'The output is from the built-in demo model, not from an AI. Its token counts are estimates.',
    ]);
    expect(outcome.costUsd).toBeNull();
  });

  test('fails for a missing key and names what to set', async () => {
    const outcome = await runOne({ agents: [llmAgent('one', { model: 'openai/gpt-5.2' })] });
    expect(errorOf(outcome)).toEqual({
      code: 'provider-key-missing',
      message: 'The model "openai/gpt-5.2" needs OPENAI_API_KEY in the environment.',
    });
  });

  test('asks with what the trigger made of a prompt', async () => {
    const request = { payload: { trigger: 'cron' }, modelInput: 'say from the prompt' };
    expect(outputOf(await runOne({ agents: [llmAgent('one')], request }))).toBe('from the prompt');
    const flow = [sequentialAgent('flow', ['one']), llmAgent('one')];
    expect(outputOf(await runOne({ agents: flow, request }))).toBe('from the prompt');
  });

  test('ends at its timeout and when it is cancelled, in the middle of a model call', async () => {
    const slow = await runOne({
      agents: [llmAgent('one', { timeoutSeconds: 0.05 })],
      request: say('wait 20s'),
    });
    expect(errorOf(slow).code).toBe('timeout');
    const cancellation = new AbortController();
    const hooks = { signal: cancellation.signal, onText: () => cancellation.abort() };
    const cancelled = await runOne({ agents: [llmAgent('one')], request: say('say one two three'), hooks });
    expect(cancelled.outcome).toBe('cancelled');
  });

  test('writes spans as the OpenTelemetry conventions for generative AI name them', async () => {
    const outcome = await runOne({
      agents: [llmAgent('one', { tools: [findOrder], temperature: 0.5 })],
      request: say('call orders.findOrder {"orderId": "A-1"}'),
      descriptions,
      tools,
    });
    const spans = outcome.trace.spans.map(({ kind, name }) => [kind, name]);
    expect(spans).toEqual([
      ['run', 'run one'],
      ['agent', 'invoke_agent one'],
      ['model', 'chat scripted'],
      ['tool', 'execute_tool orders.findOrder'],
      ['model', 'chat scripted'],
    ]);
    expect(outcome.trace.spans[2]?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'demo',
      'gen_ai.request.model': 'scripted',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.response.finish_reasons': ['tool-calls'],
    });
    expect(outcome.trace.spans[3]?.attributes).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'orders.findOrder',
      'gen_ai.tool.call.id': 'demo-call-1',
      'gen_ai.tool.call.result': '{"orderId":"A-1","state":"sent"}',
    });
  });

  const conversation = {
    agents: [llmAgent('one', { tools: [findOrder], systemPrompt: 'Be brief.' })],
    request: say('call orders.findOrder {"orderId": "A-1"}', 'the password is hunter2-secret'),
    descriptions,
    tools,
  };

  test('shows what was asked and answered, each message once, and no secret', async () => {
    const outcome = await runOne({ ...conversation, env: { SHOP_PASSWORD: 'hunter2-secret' } });
    const [first, second] = outcome.trace.spans.filter(({ kind }) => kind === 'model');
    expect(first?.attributes).toMatchObject({
      'gen_ai.system_instructions': expect.stringContaining('Be brief.'),
      'gen_ai.tool.definitions': expect.stringContaining('orderId'),
      'gen_ai.input.messages': [{ role: 'user', parts: [{ type: 'text' }] }],
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'tool_call' }] }],
    });
    expect(second?.attributes).toMatchObject({
      'gen_ai.input.messages': [
        { role: 'assistant', parts: [{ type: 'tool_call', arguments: '{"orderId":"A-1"}' }] },
        {
          role: 'tool',
          parts: [{ type: 'tool_call_response', response: '{"orderId":"A-1","state":"sent"}' }],
        },
      ],
      'gen_ai.output.messages': [{ role: 'assistant', parts: [{ type: 'text' }] }],
    });
    expect(second?.attributes).not.toHaveProperty(['gen_ai.system_instructions']);
    expect(JSON.stringify(outcome.trace)).not.toContain('hunter2-secret');
  });

  test('shows nothing of what was said under TRACE_CONTENT=off', async () => {
    const outcome = await runOne({ ...conversation, env: { TRACE_CONTENT: 'off' } });
    const shown = JSON.stringify(outcome.trace.spans);
    expect(shown).toContain('gen_ai.usage.input_tokens');
    expect(shown).not.toMatch(/Be brief|A-1|hunter2/);
  });
});
