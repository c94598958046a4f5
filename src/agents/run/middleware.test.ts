import { describe, expect, test } from '@jest/globals';
import { errorOf, llmAgent, outputOf, runOne, toolAgent } from '../../../test/agents/run-one.ts';
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
