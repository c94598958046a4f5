import { describe, expect, test } from '@jest/globals';
import {
  errorOf,
  llmAgent,
  orderTool,
  outputOf,
  runOne,
  sequentialAgent,
  toolAgent,
} from '../../../test/agents/run-one.ts';
import { startOpenAiServer } from '../../../test/model-servers/openai-server.ts';
import { StopProcessing } from '../agent-code.ts';

const retry = { attempts: 3, initialDelaySeconds: 0.01, maxDelaySeconds: 0.01 };
const findOrder = { name: 'orders.findOrder', condition: null };
const descriptions = [orderTool('orders.findOrder')];

describe('StopProcessing', () => {
  test.each([
    ['throws', () => Promise.reject(new StopProcessing({ handled: true }))],
    ['returns', async () => new StopProcessing({ handled: true })],
  ])('ends the run without a model if the middleware "before" %s it', async (_how, before) => {
    const after = () => 'must not run';
    const outcome = await runOne({ agents: [llmAgent('one')], middleware: { one: { before, after } } });
    expect(outputOf(outcome)).toBe('{"handled":true}');
    expect(outcome).toMatchObject({ tokenUsage: null, model: null, session: null });
    expect(outcome).not.toHaveProperty('publishes');
    expect(outcome.trace.spans.map(({ kind, status }) => [kind, status])).toEqual([
      ['run', 'ok'],
      ['agent', 'ok'],
      ['middleware', 'ok'],
    ]);
    expect(outcome.trace.logs).toMatchObject([
      { level: 'info', source: 'middleware:one', message: 'StopProcessing ended the run.' },
    ]);
  });

  test('of the middleware "after" replaces the answer', async () => {
    const after = () => new StopProcessing('final');
    expect(outputOf(await runOne({ agents: [llmAgent('one')], middleware: { one: { after } } }))).toBe(
      'final',
    );
  });

  test('of a tool ends the run, is not retried, and no fallback model is asked', async () => {
    let calls = 0;
    const outcome = await runOne({
      agents: [llmAgent('desk', { tools: [findOrder], fallbackModel: 'demo/other', retry })],
      tools: {
        'orders.findOrder': async ({ orderId }: { orderId: string }) => {
          calls += 1;
          throw new StopProcessing(`order ${orderId}`);
        },
      },
      descriptions,
      request: { payload: { message: 'call orders.findOrder {"orderId": "A-1"}' } },
    });
    expect(outputOf(outcome)).toBe('order A-1');
    expect(calls).toBe(1);
    expect(outcome.tokenUsage).not.toBeNull();
  });

  test('of a tool wins over another call of the same answer that fails', async () => {
    const toolCalls = ['A-1', 'B-2'].map((orderId) => ({
      name: 'orders__findOrder',
      arguments: { orderId },
    }));
    const server = await startOpenAiServer({ script: [{ toolCalls }] });
    const outcome = await runOne({
      agents: [llmAgent('desk', { tools: [findOrder], model: 'openai/gpt-5.2' })],
      tools: {
        'orders.findOrder': async ({ orderId }: { orderId: string }) => {
          if (orderId === 'A-1') throw new Error('away');
          return new StopProcessing(`order ${orderId}`);
        },
      },
      descriptions,
      env: { OPENAI_API_KEY: 'key-of-the-tests-1234', OPENAI_BASE_URL: server.url },
    });
    await server.close();
    expect(outputOf(outcome)).toBe('order B-2');
  });

  test('of a hook ends the run', async () => {
    const outcome = await runOne({
      agents: [toolAgent('desk', 'orders.findOrder', { retry })],
      tools: { 'orders.findOrder': async () => 'must not run' },
      toolHooks: { desk: { before: () => new StopProcessing('refused') } },
    });
    expect(outputOf(outcome)).toBe('refused');
  });

  test('in a step ends the whole sequence, and what the context had is kept', async () => {
    const before = (_content: unknown, context: Record<string, unknown>) => {
      context['seen'] = true;
      return new StopProcessing();
    };
    const outcome = await runOne({
      agents: [sequentialAgent('line', ['one', 'two'], { retry }), llmAgent('one'), llmAgent('two')],
      middleware: { one: { before }, line: { after: () => 'must not run' } },
    });
    expect(outputOf(outcome)).toBe('');
    expect(outcome.context).toEqual({ seen: true });
    expect(outcome.trace.spans.map(({ name }) => name)).not.toContain('step two');
  });

  test('can keep its response from being delivered', async () => {
    const before = () => new StopProcessing('quiet', { publish_outbound: false });
    const outcome = await runOne({ agents: [llmAgent('one')], middleware: { one: { before } } });
    expect(outcome).toMatchObject({ outcome: 'completed', output: 'quiet', publishes: false });
    expect(outcome.trace.logs).toMatchObject([
      { message: 'StopProcessing ended the run. Its result is not delivered.' },
    ]);
  });

  test('needs a response that JSON can represent', async () => {
    const before = () => new StopProcessing(1n);
    expect(errorOf(await runOne({ agents: [llmAgent('one')], middleware: { one: { before } } }))).toEqual({
      code: 'output-invalid',
      message: 'The middleware "before" of "one" returned a value that JSON cannot represent.',
    });
  });
});
