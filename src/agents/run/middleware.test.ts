import { describe, expect, test } from '@jest/globals';
import {
  errorOf,
  llmAgent,
  outputOf,
  runOne,
  sequentialAgent,
  toolAgent,
} from '../../../test/agents/run-one.ts';
import { startOpenAiServer } from '../../../test/model-servers/openai-server.ts';
import type { MessageContent, ToolContext } from '../agent-project.ts';

const echoTool = { 't.echo': async (input: unknown) => input };

describe('the middleware "before"', () => {
  test('sees and changes the message of an llm agent', async () => {
    const before = async (content: MessageContent, context: ToolContext) => {
      expect(content).toEqual({ role: 'user', parts: [{ text: 'say one' }] });
      context.customer = 'Ada';
      content.parts.push({ text: '\nsay two' });
      content.parts.shift();
    };
    const outcome = await runOne({
      agents: [llmAgent('one')],
      middleware: { one: { before } },
      request: { payload: { message: 'say one' } },
    });
    expect(outputOf(outcome)).toBe('two');
    expect(outcome.context).toEqual({ customer: 'Ada' });
  });

  test('may return a text instead of a message', async () => {
    const middleware = { one: { before: () => 'say replaced' } };
    expect(outputOf(await runOne({ agents: [llmAgent('one')], middleware }))).toBe('replaced');
  });

  test('sees and replaces the payload of a tool agent', async () => {
    const before = (payload: { message: string }) => ({ ...payload, extra: 1 });
    const outcome = await runOne({
      agents: [toolAgent('one', 't.echo')],
      tools: echoTool,
      middleware: { one: { before } },
    });
    expect(outputOf(outcome)).toBe('{"message":"Hello","extra":1}');
  });

  test.each([
    5,
    {},
    { role: 'user', parts: [] },
    { role: 'user', parts: [{ data: '%', mime_type: 'image/png' }] },
  ])('fails the run of an llm agent where it returns %j', async (returned) => {
    const error = errorOf(
      await runOne({ agents: [llmAgent('one')], middleware: { one: { before: () => returned } } }),
    );
    expect(error.code).toBe('middleware-error');
  });

  test('fails the run where it throws', async () => {
    const before = () => {
      throw new Error('Missing user_id.');
    };
    const outcome = await runOne({ agents: [llmAgent('one')], middleware: { one: { before } } });
    expect(errorOf(outcome)).toEqual({
      code: 'middleware-error',
      message: 'The middleware "before" of "one" failed: Missing user_id.',
    });
    expect(outcome.trace.spans.at(-1)).toMatchObject({
      kind: 'middleware',
      status: 'error',
      name: 'before one',
    });
  });
});

describe('rerun_middleware', () => {
  /** Counts how often the middleware runs; each time, it changes what the agent gets. */
  function counting() {
    let runs = 0;
    return {
      before: () => {
        runs += 1;
        return { message: `attempt ${runs}` };
      },
      runs: () => runs,
    };
  }
  const once = { attempts: 3, initialDelaySeconds: 0.01, maxDelaySeconds: 0.01 };
  const again = { ...once, rerunMiddleware: true } as const;
  const thirdTime = () => {
    let calls = 0;
    return {
      't.echo': async (input: { message: string }) => {
        calls += 1;
        if (calls < 3) throw new Error('busy');
        return input.message;
      },
    };
  };

  test('runs "before" before each attempt of a tool agent, and without it only once', async () => {
    const outputs = [];
    for (const retry of [once, again]) {
      const { before } = counting();
      const agents = [toolAgent('one', 't.echo', { retry })];
      outputs.push(outputOf(await runOne({ agents, tools: thirdTime(), middleware: { one: { before } } })));
    }
    expect(outputs).toEqual(['attempt 1', 'attempt 3']);
  });

  test('runs "before" again for a model that is asked again, and for the fallback model', async () => {
    const server = await startOpenAiServer({
      script: [{ status: 503, message: 'busy' }, { status: 400, message: 'no' }, { text: 'done' }],
    });
    const middleware = counting();
    const before = () => middleware.before().message;
    const outcome = await runOne({
      agents: [
        llmAgent('one', { model: 'openai/gpt-5.2', fallbackModel: 'openai/gpt-5.2-mini', retry: again }),
      ],
      middleware: { one: { before } },
      env: { OPENAI_API_KEY: 'key-of-the-tests-1234', OPENAI_BASE_URL: server.url },
    });
    await server.close();
    expect(outputOf(outcome)).toBe('done');
    expect(server.requests.map(({ body }) => /attempt \d/.exec(JSON.stringify(body))?.[0])).toEqual([
      'attempt 1',
      'attempt 2',
      'attempt 3',
    ]);
  });

  test('runs "before" of a sequence again for its first step', async () => {
    const { before, runs } = counting();
    const outcome = await runOne({
      agents: [sequentialAgent('line', ['one'], { retry: again }), toolAgent('one', 't.echo')],
      tools: thirdTime(),
      middleware: { line: { before } },
    });
    expect(outputOf(outcome)).toBe('attempt 3');
    expect(runs()).toBe(3);
  });
});

describe('the middleware "after"', () => {
  test('sees the answer with its tokens and time, and replaces it', async () => {
    const after = (answer: string, context: ToolContext) => ({ answer, tokens: context.token_usage });
    const outcome = await runOne({
      agents: [llmAgent('one')],
      middleware: { one: { after } },
      request: { payload: { message: 'say Paris' } },
    });
    expect(JSON.parse(outputOf(outcome))).toEqual({
      answer: 'Paris',
      tokens: {
        input_tokens: outcome.tokenUsage?.input,
        output_tokens: outcome.tokenUsage?.output,
        total_tokens: outcome.tokenUsage?.total,
      },
    });
    expect(outcome.context).toEqual({});
  });

  test('keeps the answer where it returns nothing', async () => {
    const middleware = { one: { after: () => undefined } };
    expect(
      outputOf(await runOne({ agents: [toolAgent('one', 't.echo')], tools: echoTool, middleware })),
    ).toBe('{"message":"Hello"}');
  });

  test('may not break the output schema', async () => {
    const outputSchema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };
    const middleware = { one: { after: (answer: string) => `${answer} (checked)` } };
    expect(errorOf(await runOne({ agents: [llmAgent('one', { outputSchema })], middleware }))).toEqual({
      code: 'output-invalid',
      message: 'What the middleware "after" returned does not fit the output schema: it is not JSON.',
    });
  });
});
