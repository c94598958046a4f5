import { describe, expect, test } from '@jest/globals';
import { outputOf, runOne, toolAgent } from '../../../test/agents/run-one.ts';
import type { ToolContext } from '../agent-project.ts';

const echo = async (input: unknown) => input;

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
