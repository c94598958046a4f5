import { describe, expect, test } from '@jest/globals';
import {
  errorOf,
  llmAgent,
  type OneRun,
  orderTool,
  outputOf,
  runOne,
  sequentialAgent,
} from '../../../test/agents/run-one.ts';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { MessageContent, ToolContext } from '../agent-project.ts';

/** Runs an agent with a session once; its store has `earlier` under the key `ada`. */
async function talk(one: Partial<OneRun> & { key?: string; earlier?: readonly JsonValue[] }) {
  const { key = 'input.customer', earlier = [], ...given } = one;
  const asked: string[] = [];
  const loadSession = async (sessionKey: string) => {
    asked.push(sessionKey);
    return sessionKey === 'ada' ? earlier : [];
  };
  const outcome = await runOne({
    agents: [
      llmAgent('one', {
        session: { key, ttlSeconds: null },
        tools: [{ name: 'orders.findOrder', condition: null }],
      }),
    ],
    descriptions: [orderTool('orders.findOrder')],
    tools: { 'orders.findOrder': async () => 'sent' },
    hooks: { loadSession },
    ...given,
  });
  return { outcome, asked };
}

const say = (...lines: string[]) => ({ payload: { customer: 'ada', message: lines.join('\n') } });

describe('the conversation of an agent with a session', () => {
  test('continues where the last run ended, tool calls included', async () => {
    const first = await talk({ request: say('call orders.findOrder {"orderId": "A-1"}', 'say found') });
    expect(first.outcome.session).toMatchObject({ key: 'ada' });
    expect(first.outcome.session?.messages).toHaveLength(4);
    const earlier = first.outcome.session?.messages ?? [];
    const second = await talk({ earlier, request: say('say again') });
    expect(second.outcome.session?.messages).toHaveLength(6);
    expect(JSON.stringify(second.outcome.session)).toContain('found');
    expect(second.outcome.tokenUsage?.input).toBeGreaterThan(first.outcome.tokenUsage?.input ?? 0);
  });

  test('keeps the name of a file, not its content', async () => {
    const files = [
      { name: 'pixel.png', field_name: 'photo', mime_type: 'image/png', data: 'iVBORw0KGgo=', size: 8 },
    ];
    const payload = { customer: 'ada', message: 'say ok', files };
    const { outcome } = await talk({ request: { payload } });
    expect(JSON.stringify(outcome.session)).toContain('[file pixel.png image/png]');
    expect(JSON.stringify(outcome.session)).not.toContain('iVBORw0KGgo');
  });

  test('starts over, with a warning, where it cannot be read', async () => {
    const { outcome } = await talk({ request: say('say ok'), earlier: [{ role: 'oracle' }] });
    expect(outputOf(outcome)).toBe('ok');
    expect(outcome.session?.messages).toHaveLength(2);
    expect(outcome.warnings).toContain('The conversation could not be loaded. This run starts a new one.');
  });

  test('is not kept of a run that failed', async () => {
    const { outcome } = await talk({ request: say('fail') });
    expect(errorOf(outcome).code).toBe('model-error');
    expect(outcome.session).toBeNull();
  });

  test('is nothing for a step of a sequence', async () => {
    const step = llmAgent('one', { session: { key: 'input.customer', ttlSeconds: null } });
    const agents = [sequentialAgent('flow', ['one']), step];
    const { outcome, asked } = await talk({ agents, request: say('say ok') });
    expect(outputOf(outcome)).toBe('ok');
    expect([asked, outcome.session]).toEqual([[], null]);
  });
});

describe('the key of a conversation', () => {
  test('may be a value that middleware puts into the context', async () => {
    const before = async (_: MessageContent, context: ToolContext) => {
      context.user = { id: 'ada' };
    };
    const { outcome, asked } = await talk({
      key: 'context.user.id',
      earlier: [{ role: 'user', content: 'My name is Ada.' }],
      middleware: { one: { before } },
      request: say('say hello'),
    });
    expect(asked).toEqual(['ada']);
    expect(outcome.session).toMatchObject({ key: 'ada', messages: [{ content: 'My name is Ada.' }, {}, {}] });
  });

  test('may be a value that the connector put into the context', async () => {
    const request = { ...say('say hello'), context: { user_id: 7 } };
    expect((await talk({ key: 'context.user_id', request })).asked).toEqual(['7']);
  });

  test.each(['input.user_id', 'context.user_id', 'context.log', 'context.constructor'])(
    'that leads nowhere, as %s, keeps no conversation',
    async (key) => {
      const { outcome, asked } = await talk({ key, request: say('say ok') });
      expect(outputOf(outcome)).toBe('ok');
      expect([asked, outcome.session]).toEqual([[], null]);
    },
  );
});

describe('a conversation that cannot be loaded', () => {
  test('is a failure of the platform: the run is to be tried again', async () => {
    const loadSession = () => Promise.reject(new Error('the store is away'));
    await expect(talk({ request: say('say ok'), hooks: { loadSession } })).rejects.toMatchObject({
      name: 'RetryableError',
      message: 'the conversation could not be loaded: the store is away',
    });
  });

  test('does not keep a run from being cancelled', async () => {
    const cancellation = new AbortController();
    const loadSession = () => {
      cancellation.abort();
      return new Promise<never>(() => undefined);
    };
    const hooks = { loadSession, signal: cancellation.signal };
    expect((await talk({ request: say('say ok'), hooks })).outcome.outcome).toBe('cancelled');
  });
});
