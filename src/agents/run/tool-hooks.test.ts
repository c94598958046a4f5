import { describe, expect, test } from '@jest/globals';
import { errorOf, llmAgent, orderTool, outputOf, runOne, toolAgent } from '../../../test/agents/run-one.ts';
import { AbortTool } from '../agent-code.ts';
import type { ToolContext, ToolHooks } from '../agent-project.ts';

const called: unknown[] = [];
const tools = {
  'orders.findOrder': async (input: { orderId: string }) => {
    called.push(structuredClone(input));
    return { orderId: input.orderId, state: 'sent' };
  },
};
const descriptions = [orderTool('orders.findOrder')];
const agent = llmAgent('desk', { tools: [{ name: 'orders.findOrder', condition: null }] });

/** Runs an agent whose model calls the tool once with `A-1`. */
function runHooked(hooks: ToolHooks, given = agent, context = {}) {
  called.length = 0;
  const payload = { message: 'call orders.findOrder {"orderId": "A-1"}' };
  return runOne({
    agents: [given],
    tools,
    descriptions,
    toolHooks: { desk: hooks },
    request: { payload, context },
  });
}

/** What the demo model repeats of the tool's results. */
const toldModel = async (hooks: ToolHooks) => outputOf(await runHooked(hooks));

describe('the hook "before"', () => {
  test('sees the name, the arguments and the context of a call, and what it adds to the context stays', async () => {
    const before = async (name: string, params: { orderId: string }, context: ToolContext) => {
      context.asked = [name, params.orderId, context.customer];
    };
    const outcome = await runHooked({ before }, agent, { customer: 'Ada' });
    expect(outcome.context).toMatchObject({ asked: ['orders.findOrder', 'A-1', 'Ada'] });
    expect(called).toEqual([{ orderId: 'A-1' }]);
  });

  test('replaces the arguments by what it returns, or changes them in place', async () => {
    await runHooked({ before: () => ({ orderId: 'B-2' }) });
    expect(called).toEqual([{ orderId: 'B-2' }]);
    const outcome = await runHooked({
      before: (_name: string, params: { orderId: string }) => {
        params.orderId = 'C-3';
      },
    });
    expect(called).toEqual([{ orderId: 'C-3' }]);
    const asked = outcome.trace.spans.filter(({ kind }) => kind === 'model').at(-1);
    expect(JSON.stringify(asked?.attributes['gen_ai.input.messages'])).toContain('A-1');
    expect(outcome.trace.spans.find(({ kind }) => kind === 'tool')?.attributes).toMatchObject({
      'gen_ai.tool.call.arguments': '{"orderId":"C-3"}',
    });
  });

  test.each([
    ['throws', async () => Promise.reject(new AbortTool({ error: 'Not allowed.' }))],
    ['returns', async () => new AbortTool({ error: 'Not allowed.' })],
  ])(
    'skips a call if it %s AbortTool: the model gets its result, and "after" does not run',
    async (_how, before) => {
      const after = () => 'must not run';
      expect(await toldModel({ before, after })).toContain('{"error":"Not allowed."}');
      expect(called).toEqual([]);
    },
  );

  test('fails the run if it throws, as the tool would', async () => {
    const before = () => {
      throw new Error('No such customer.');
    };
    const outcome = await runHooked({ before });
    expect(errorOf(outcome)).toEqual({
      code: 'tool-error',
      message: 'The hook "before" of "desk" failed: No such customer.',
    });
    expect(outcome.trace.logs.map(({ source }) => source)).toEqual(['hooks:desk']);
    expect(called).toEqual([]);
  });

  test('fails the run if the tool cannot take the arguments that it leaves', async () => {
    expect(errorOf(await runHooked({ before: () => ({ orderId: 5 }) }))).toEqual({
      code: 'tool-error',
      message:
        'The hook "before" of "desk" changed the arguments of "orders.findOrder" to others: The arguments do not fit: "orderId" must be string.',
    });
  });
});

describe('the hook "after"', () => {
  test('sees the arguments and the result, and replaces it by what it returns', async () => {
    const after = (name: string, params: object, result: object) => ({ name, params, result, seen: true });
    expect(await toldModel({ after })).toContain(
      '{"name":"orders.findOrder","params":{"orderId":"A-1"},"result":{"orderId":"A-1","state":"sent"},"seen":true}',
    );
  });

  test('keeps the result if it returns nothing, and replaces it with AbortTool', async () => {
    expect(await toldModel({ after: () => undefined })).toContain('"state":"sent"');
    const after = () => {
      throw new AbortTool('withheld');
    };
    expect(await toldModel({ after })).toContain('withheld');
    expect(called).toHaveLength(1);
  });
});

describe('hooks', () => {
  test('run around the call of a tool agent, again for each attempt', async () => {
    let attempts = 0;
    const before = (_name: string, payload: { orderId: string }) => {
      attempts += 1;
      if (attempts === 1) throw new Error('busy');
      return { orderId: `${payload.orderId}-checked` };
    };
    const retry = { attempts: 2, initialDelaySeconds: 0.01, maxDelaySeconds: 0.01 };
    const outcome = await runOne({
      agents: [toolAgent('desk', 'orders.findOrder', { retry })],
      tools,
      toolHooks: { desk: { before } },
      request: { payload: { orderId: 'A-1' } },
    });
    expect(outputOf(outcome)).toBe('{"orderId":"A-1-checked","state":"sent"}');
    expect(attempts).toBe(2);
  });

  test('see calls of built-in tools, too, and belong to the agent of their name only', async () => {
    const before = (name: string) => new AbortTool(`no ${name}`);
    const triggering = llmAgent('desk', { tools: [{ name: 'trigger_agent', condition: null }] });
    const payload = { message: 'call trigger_agent {"agent_name": "other", "payload": {}}' };
    const run = (name: string) =>
      runOne({ agents: [triggering], toolHooks: { [name]: { before } }, request: { payload } });
    expect(outputOf(await run('desk'))).toContain('no trigger_agent');
    expect(JSON.stringify(await run('constructor'))).not.toContain('no trigger_agent');
  });

  test('do not see calls whose arguments do not fit: the model is told so', async () => {
    const seen: string[] = [];
    const before = (name: string) => void seen.push(name);
    const payload = { message: 'call orders.findOrder {"orderId": 5}' };
    await runOne({
      agents: [agent],
      tools,
      descriptions,
      toolHooks: { desk: { before } },
      request: { payload },
    });
    expect(seen).toEqual([]);
  });
});
