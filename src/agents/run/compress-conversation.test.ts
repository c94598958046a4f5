import { afterEach, describe, expect, test } from '@jest/globals';
import { llmAgent, type OneRun, orderTool, outputOf, runOne } from '../../../test/agents/run-one.ts';
import { startAnthropicServer } from '../../../test/model-servers/anthropic-server.ts';
import type {
  ModelServer,
  RecordedRequest,
  ScriptedReply,
} from '../../../test/model-servers/model-server.ts';
import { type JsonValue, jsonValue } from '../../core/json/json-value.ts';
import type { Compression, LlmAgent } from '../agent-definition.ts';
import { filesMessage } from './tool-answer.ts';

const model = 'anthropic/claude-sonnet-5';
const compression: Compression = {
  model: null,
  maxPromptTokens: 3_000,
  keepRecentMessages: 3,
  sessionHistory: null,
};

const summary = { text: 'The user asked for eight orders. A-0 to A-4 are sent.' };

function isForSummary({ body }: RecordedRequest): boolean {
  return JSON.stringify(body['system'] ?? '').includes('You summarize the beginning of a conversation');
}

const find = (orderId: string): ScriptedReply => ({
  toolCalls: [{ name: 'orders__findOrder', arguments: { orderId } }],
});

describe('an agent that shortens its conversations', () => {
  let server: ModelServer | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  /** Runs an agent that asks for eight orders, one after the other, and then answers. */
  async function run(
    fields: Partial<LlmAgent>,
    { summarize = summary, ...one }: Partial<OneRun> & { summarize?: ScriptedReply } = {},
  ) {
    let asked = 0;
    server = await startAnthropicServer({
      script: (request) => {
        if (isForSummary(request)) return summarize;
        const reply = asked < 8 ? find(`A-${asked}`) : { text: 'All are sent.' };
        asked += 1;
        return reply;
      },
    });
    const outcome = await runOne({
      agents: [
        llmAgent('one', {
          model,
          tools: [{ name: 'orders.findOrder', condition: null }],
          compression,
          ...fields,
        }),
      ],
      descriptions: [orderTool('orders.findOrder')],
      tools: {
        'orders.findOrder': async ({ orderId }: { orderId: string }) => `${orderId} ${'sent '.repeat(400)}`,
      },
      request: { payload: { message: 'Where are my orders?' } },
      env: { ANTHROPIC_API_KEY: 'a', ANTHROPIC_BASE_URL: server.url },
      ...one,
    });
    const summaries = server.requests.filter(isForSummary);
    const prompts = server.requests.filter((request) => !isForSummary(request)).map(messagesOf);
    return { outcome, summaries, prompts };
  }

  test('keeps prompts short: a summary stands for the calls and results before the most recent ones', async () => {
    const { outcome, summaries, prompts } = await run({});
    expect(outputOf(outcome)).toBe('All are sent.');
    expect(summaries.length).toBeGreaterThan(0);
    expect(JSON.stringify(summaries[0]?.body)).toContain('orders__findOrder returned');
    const last = prompts.at(-1) ?? [];
    const text = JSON.stringify(last);
    expect(text).toContain(summary.text);
    expect(text).toContain('Where are my orders?');
    expect(text).toContain('A-7 sent');
    expect(text).not.toContain('A-0 sent');
    for (const prompt of prompts) {
      expect(JSON.stringify(prompt).length).toBeLessThan(3 * 3_000);
      expect(callsWithoutResult(prompt)).toEqual([]);
    }
    const calls = server?.requests.length ?? 0;
    expect(outcome.tokenUsage?.total).toBe(calls * (12 + 7));
    expect(outcome.model).toBe(model);
  });

  test('shows each summary as a step, and the shortened conversation with the next call', async () => {
    const { outcome, summaries } = await run({});
    const { spans } = outcome.trace;
    const steps = spans.filter(({ name }) => name === 'summarize conversation');
    expect(steps).toHaveLength(summaries.length);
    const [first] = steps;
    expect(spans.filter(({ parentSpanId }) => parentSpanId === first?.spanId)).toMatchObject([
      { kind: 'model' },
    ]);
    const next = spans.find(
      ({ kind, parentSpanId, startedAt }) =>
        kind === 'model' && parentSpanId === first?.parentSpanId && startedAt >= (first?.endedAt ?? 0),
    );
    expect(JSON.stringify(next?.attributes['gen_ai.input.messages'])).toContain('Where are my orders?');
  });

  test('has another model make the summaries where its file says so', async () => {
    const { outcome, summaries } = await run({
      compression: { ...compression, model: 'anthropic/claude-haiku-5' },
    });
    expect(summaries[0]?.body).toMatchObject({ model: 'claude-haiku-5' });
    expect(outcome.model).toBe(model);
  });

  test('shows a caller who reads along nothing of a summary', async () => {
    const read: string[] = [];
    await run({}, { hooks: { onText: (text) => read.push(text) } });
    expect(read.join('')).toBe('All are sent.');
  });

  test('continues with the whole conversation and a warning if no summary can be made', async () => {
    const { outcome, summaries, prompts } = await run(
      { retry: { attempts: 1, initialDelaySeconds: 0, maxDelaySeconds: 0 } },
      { summarize: { status: 400, message: 'Too long.' } },
    );
    expect(outputOf(outcome)).toBe('All are sent.');
    expect(summaries).toHaveLength(1);
    expect(JSON.stringify(prompts.at(-1))).toContain('A-0 sent');
    expect(outcome.warnings).toContainEqual(
      expect.stringMatching(
        /^The conversation was not shortened, because it could not be summarized: .*Too long/,
      ),
    );
  });

  test('summarizes earlier runs of its session once enough have come, but the most recent ones', async () => {
    const said = (count: number): JsonValue[] =>
      Array.from({ length: count }, (_, index) => [
        { role: 'user', content: [{ type: 'text', text: `Question ${index}?` }] },
        ...drawn(`call-${index}`),
        { role: 'assistant', content: [{ type: 'text', text: `Answer ${index}.` }] },
      ]).flat();
    const session = { key: 'input.customer', ttlSeconds: null };
    const sessionHistory = { interval: 3, keepRecentRuns: 2 };
    const talk = (earlier: JsonValue[]) =>
      run(
        { session, compression: { ...compression, maxPromptTokens: 60_000, sessionHistory } },
        {
          request: { payload: { customer: 'ada', message: 'Where are my orders?' } },
          hooks: { loadSession: async () => earlier },
        },
      );
    const four = await talk(said(4));
    expect(four.summaries).toHaveLength(0);
    await server?.close();
    const five = await talk(said(5));
    expect(JSON.stringify(five.summaries.map(messagesOf))).toMatch(/Answer 2\.(?!.*Answer 3)/);
    const [prompt] = five.prompts;
    expect(JSON.stringify(prompt)).not.toContain('Question 2?');
    expect(JSON.stringify(prompt)).toMatch(
      /A-0 to A-4 are sent.*Question 3\?.*Question 4\?.*Where are my orders/,
    );
    const kept = five.outcome.session?.messages ?? [];
    await server?.close();
    const six = await talk([...kept]);
    expect(six.summaries).toHaveLength(0);
    expect(JSON.stringify(six.prompts[0])).toContain('A-0 to A-4 are sent');
  });
});

/** A call whose result has files, as a session keeps it. */
function drawn(toolCallId: string): JsonValue[] {
  const tool = { toolCallId, toolName: 'charts__draw' };
  return [
    { role: 'assistant', content: [{ type: 'tool-call', ...tool, input: {} }] },
    { role: 'tool', content: [{ type: 'tool-result', ...tool, output: { type: 'text', value: 'a.png' } }] },
    jsonValue.parse(filesMessage('charts.draw', [])),
  ];
}

function messagesOf({ body }: RecordedRequest): JsonValue[] {
  return Array.isArray(body['messages']) ? body['messages'] : [];
}

/** Ids of calls and of results that lack the other, which providers refuse. */
function callsWithoutResult(messages: readonly JsonValue[]): string[] {
  const text = JSON.stringify(messages);
  const calls = new Set([...text.matchAll(/"type":"tool_use","id":"([^"]+)"/g)].map(([, id]) => id ?? ''));
  const results = new Set([...text.matchAll(/"tool_use_id":"([^"]+)"/g)].map(([, id]) => id ?? ''));
  return [...calls, ...results].filter((id) => !(calls.has(id) && results.has(id)));
}
