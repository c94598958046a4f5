import { describe, expect, test } from '@jest/globals';
import { errorOf, outputOf, runOne, toolAgent } from '../../../test/agents/run-one.ts';
import type { ToolContext } from '../agent-project.ts';

describe('a tool agent', () => {
  test('is called with the payload and what the run is', async () => {
    let seen: ToolContext | null = null;
    const outcome = await runOne({
      agents: [toolAgent('lookup', 'orders.findOrder')],
      tools: {
        'orders.findOrder': async ({ orderId }: { orderId: string }, context) => {
          seen = context;
          return { orderId, state: 'sent' };
        },
      },
      request: { payload: { orderId: 'A-1' } },
    });
    expect(outputOf(outcome)).toBe('{"orderId":"A-1","state":"sent"}');
    expect(seen).toMatchObject({
      run_id: '01890a5d-ac96-774b-bcce-b302099a8057',
      agent_name: 'lookup',
      connector_id: 'connector-1',
      payload: { orderId: 'A-1' },
    });
    expect(outcome).toMatchObject({ model: null, tokenUsage: null, costUsd: null, session: null });
  });

  test.each([
    ['a text as it is', 'On its way.', 'On its way.'],
    ['nothing as the empty text', undefined, ''],
    ['null as JSON', null, 'null'],
    ['a list as JSON', [1, 2], '[1,2]'],
  ])('puts out %s', async (_, returned, output) => {
    const tools = { 'a.b': async () => returned };
    expect(outputOf(await runOne({ agents: [toolAgent('one', 'a.b')], tools }))).toBe(output);
  });

  test('fails for what JSON cannot carry', async () => {
    const tools = { 'a.b': async () => 5n };
    expect(errorOf(await runOne({ agents: [toolAgent('one', 'a.b')], tools }))).toEqual({
      code: 'output-invalid',
      message: 'The tool "a.b" returned a value that JSON cannot represent.',
    });
  });

  test('fails naming the tool and what it threw, with the stack in the log', async () => {
    const tools = {
      'a.b': () => {
        throw new Error('no such order');
      },
    };
    const outcome = await runOne({ agents: [toolAgent('one', 'a.b')], tools });
    expect(errorOf(outcome)).toEqual({
      code: 'tool-error',
      message: 'The tool "a.b" failed: no such order',
    });
    expect(outcome.trace.spans.map(({ kind, status }) => [kind, status])).toEqual([
      ['run', 'error'],
      ['agent', 'error'],
      ['tool', 'error'],
    ]);
    expect(outcome.trace.logs[0]).toMatchObject({ level: 'error', source: 'tool:a.b' });
  });

  test('is tried again as its retry options say', async () => {
    let calls = 0;
    const tools = {
      'a.b': async () => {
        calls += 1;
        if (calls < 3) throw new Error('away');
        return 'back';
      },
    };
    const retry = { attempts: 3, initialDelaySeconds: 0.01, maxDelaySeconds: 0.02 };
    const outcome = await runOne({ agents: [toolAgent('one', 'a.b', { retry })], tools });
    expect(outputOf(outcome)).toBe('back');
    expect(outcome.trace.spans.filter(({ kind }) => kind === 'retry')).toHaveLength(2);
  });

  test('loads neither the model library nor the schema validator', async () => {
    const { spawnSync } = await import('node:child_process');
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { runOne, toolAgent } = await import(${JSON.stringify(new URL('../../../test/agents/run-one.ts', import.meta.url).href)});
      await runOne({ agents: [toolAgent('one', 'a.b')], tools: { 'a.b': async () => 'x' } });
      console.log(loaded.filter((url) => /node_modules\\/(ai|@ai-sdk|ajv|undici|@pydantic)\\//.test(url)).length, loaded.length > 5);
    `;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(child.stdout.trim()).toBe('0 true');
  });
});
