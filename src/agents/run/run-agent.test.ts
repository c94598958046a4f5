import { describe, expect, test } from '@jest/globals';
import { errorOf, outputOf, runOne, sequentialAgent, toolAgent } from '../../../test/agents/run-one.ts';
import type { ToolContext } from '../agent-project.ts';

const echo = async (input: unknown) => input;

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
      message: 'The tool "a.b" returned something that JSON cannot carry.',
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

describe('a sequential agent', () => {
  test('gives each agent the output of the one before: JSON as it is, a text as message', async () => {
    const seen: unknown[] = [];
    const note = (output: unknown) => async (input: unknown) => {
      seen.push(input);
      return output;
    };
    const outcome = await runOne({
      agents: [
        sequentialAgent('flow', ['one', 'two', 'three']),
        toolAgent('one', 't.one'),
        toolAgent('two', 't.two'),
        toolAgent('three', 't.three'),
      ],
      tools: { 't.one': note({ id: 1 }), 't.two': note('plain'), 't.three': note('end') },
      request: { payload: { start: true } },
    });
    expect(outputOf(outcome)).toBe('end');
    expect(seen).toEqual([{ start: true }, { id: 1 }, { message: 'plain' }]);
    const steps = outcome.trace.spans.filter(({ kind }) => kind === 'step');
    expect(steps.map(({ name }) => name)).toEqual(['step one', 'step two', 'step three']);
  });

  test('hands on what a step puts into the context', async () => {
    const outcome = await runOne({
      agents: [sequentialAgent('flow', ['one', 'two']), toolAgent('one', 't.set'), toolAgent('two', 't.get')],
      tools: {
        't.set': async (_: unknown, context) => {
          context.customer = 'Ada';
        },
        't.get': async (_: unknown, context) => `${context.customer}, from ${context.agent_name}`,
      },
    });
    expect(outputOf(outcome)).toBe('Ada, from two');
    expect(outcome.context).toEqual({ customer: 'Ada' });
  });

  test('fails with the step that failed, and runs none after it', async () => {
    let reached = false;
    const outcome = await runOne({
      agents: [
        sequentialAgent('flow', ['one', 'two']),
        toolAgent('one', 't.fail'),
        toolAgent('two', 't.next'),
      ],
      tools: {
        't.fail': async () => Promise.reject(new Error('broken')),
        't.next': async () => {
          reached = true;
        },
      },
    });
    expect(errorOf(outcome).message).toBe('The tool "t.fail" failed: broken');
    expect(reached).toBe(false);
  });

  test('keeps its own timeout over that of its steps', async () => {
    const outcome = await runOne({
      agents: [sequentialAgent('flow', ['one'], { timeoutSeconds: 0.05 }), toolAgent('one', 't.never')],
      tools: { 't.never': () => new Promise(() => undefined) },
    });
    expect(errorOf(outcome).message).toBe('The agent "flow" did not end within 0.05 seconds.');
  });
});

describe('a run', () => {
  const never = () => new Promise(() => undefined);

  test('ends at its timeout, with what was open marked in the trace', async () => {
    const outcome = await runOne({
      agents: [toolAgent('slow', 't.never', { timeoutSeconds: 0.05 })],
      tools: {
        't.never': (_: unknown, context) => {
          context.progress = 'half';
          return never();
        },
      },
    });
    expect(errorOf(outcome)).toEqual({
      code: 'timeout',
      message: 'The agent "slow" did not end within 0.05 seconds.',
    });
    expect(outcome.trace.spans.every(({ status, endedAt }) => status === 'error' && endedAt !== null)).toBe(
      true,
    );
    expect(outcome.context).toEqual({ progress: 'half' });
  });

  test('ends at the next await when it is cancelled, and its tools see it', async () => {
    const cancellation = new AbortController();
    let signal: AbortSignal | null = null;
    const outcome = await runOne({
      agents: [toolAgent('slow', 't.never')],
      tools: {
        't.never': (_: unknown, context) => {
          signal = context.signal;
          cancellation.abort();
          return never();
        },
      },
      hooks: { signal: cancellation.signal },
    });
    expect(outcome.outcome).toBe('cancelled');
    expect(signal).toMatchObject({ aborted: true });
  });

  test('never starts when it was cancelled before', async () => {
    let reached = false;
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async () => {
          reached = true;
        },
      },
      hooks: { signal: AbortSignal.abort() },
    });
    expect([outcome.outcome, reached]).toEqual(['cancelled', false]);
  });

  test('fails for an agent or a tool that the project does not have', async () => {
    const missingAgent = await runOne({ agents: [toolAgent('one', 'a.b')], request: { agentName: 'two' } });
    expect(errorOf(missingAgent).code).toBe('agent-missing');
    const missingTool = await runOne({ agents: [toolAgent('one', 'toString.call')] });
    expect(errorOf(missingTool).message).toBe('The project has no tool named "toString.call".');
  });

  test('keeps in its context what JSON can carry, and names the rest', async () => {
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async (_: unknown, context) => {
          Object.assign(context, { customer: { id: 7 }, socket: () => undefined, gone: undefined });
        },
      },
      request: { context: { source: 'webhook' } },
    });
    expect(outcome.context).toEqual({ source: 'webhook', customer: { id: 7 } });
    expect(outcome.warnings).toEqual([
      '"socket" of the context is not kept with the run: JSON cannot carry it.',
    ]);
  });

  test('does not let a tool change what the run is', async () => {
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async (_: unknown, context) => {
          Object.assign(context, { run_id: 'another' });
        },
      },
    });
    expect(errorOf(outcome).message).toContain('Cannot assign to read only property');
  });
});

describe('the log of a run', () => {
  test('has what its tools write to console and to their logger, by source', async () => {
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async (_: unknown, context) => {
          // biome-ignore lint/suspicious/noConsole: what a tool writes is what is tested
          console.warn('slow %s', 'answer', { ms: 5 });
          context.log.debug('found', ['A-1']);
        },
      },
    });
    expect(outcome.trace.logs.map(({ level, source, message }) => [level, source, message])).toEqual([
      ['warn', 'tool:t.one', 'slow answer { ms: 5 }'],
      ['debug', 'tool:t.one', "found [ 'A-1' ]"],
    ]);
  });

  test('has only its own lines while others run beside it', async () => {
    const writes = async (input: { name: string }, context: ToolContext) => {
      for (let line = 0; line < 3; line++) {
        context.log.info(`${input.name} ${line}`);
        // biome-ignore lint/suspicious/noConsole: what a tool writes is what is tested
        console.log(`${input.name} ${line}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const outcomes = await Promise.all(
      ['one', 'two', 'three'].map((name) =>
        runOne({
          agents: [toolAgent(name, 't.one')],
          tools: { 't.one': writes },
          request: { payload: { name } },
        }),
      ),
    );
    for (const [index, name] of ['one', 'two', 'three'].entries()) {
      const messages = outcomes[index]?.trace.logs.map(({ message }) => message);
      expect(messages).toEqual([0, 0, 1, 1, 2, 2].map((line) => `${name} ${line}`));
    }
  });

  test('has at most 500 lines, and the last one says so', async () => {
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async (_: unknown, context) => {
          for (let line = 1; line <= 600; line++) context.log.info(`line ${line}`);
        },
      },
    });
    expect(outcome.trace.logs).toHaveLength(500);
    expect(outcome.trace.logs[498]?.message).toBe('line 499');
    expect(outcome.trace.logs[499]?.message).toBe('Further lines were dropped: a run keeps 500.');
  });

  test('and the trace have no secrets', async () => {
    const env = { ACME_API_KEY: 'topsecret-value-1', HOME: '/home/ada' };
    const outcome = await runOne({
      agents: [toolAgent('one', 't.one')],
      tools: {
        't.one': async (_: unknown, context) => {
          context.log.info(`asking with ${env.ACME_API_KEY} from ${env.HOME}`);
          context.log.info({ headers: { authorization: 'Bearer abcdefgh12345' } });
          throw new Error(`401 for ${env.ACME_API_KEY}`);
        },
      },
      request: {
        payload: { headers: { 'X-Api-Key': 'shh-1', Cookie: 'shh-2' }, password: 'shh-3', id: 'A-1' },
      },
      env,
    });
    const everything = JSON.stringify(outcome);
    expect(everything).not.toMatch(/topsecret|abcdefgh12345|shh-/);
    expect(everything).toContain('/home/ada');
    expect(outcome.trace.spans.at(-1)?.attributes['gen_ai.tool.call.arguments']).toContain('"id":"A-1"');
  });
});

describe('the trace of a run', () => {
  test('is shown while the run goes on', async () => {
    let shown = 0;
    let release: () => void = () => undefined;
    const outcome = await runOne({
      agents: [toolAgent('one', 't.wait')],
      tools: { 't.wait': () => new Promise<void>((resolve) => (release = resolve)) },
      hooks: {
        onTrace: (trace) => {
          shown += 1;
          expect(trace.spans.at(-1)).toMatchObject({ kind: 'tool', status: 'running', endedAt: null });
          release();
        },
      },
    });
    expect(outcome.outcome).toBe('completed');
    expect(shown).toBe(1);
  });

  test('bounds what it keeps of arguments and results', async () => {
    const payload = { text: 'x'.repeat(50_000) };
    const outcome = await runOne({
      agents: [toolAgent('one', 't.echo')],
      tools: { 't.echo': echo },
      request: { payload },
    });
    expect(JSON.stringify(outcome.trace).length).toBeLessThan(20_000);
    expect(outputOf(outcome)).toHaveLength(JSON.stringify(payload).length);
  });
});
