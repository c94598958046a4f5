import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { sampleConnector, sampleNow, sampleRun } from '../../test/connectors/sample-records.ts';
import { loadConnectorTypes } from '../connectors/index.ts';
import { sampleJsonRequest } from '../connectors/webhook/samples.ts';
import type { Connector } from '../core/connectors/connector.ts';
import type { ConnectorSecrets } from '../core/connectors/connector-secrets.ts';
import type { HttpAnswer } from '../core/connectors/http-request.ts';
import { RetryableError } from '../core/errors.ts';
import { readForm } from '../core/json/read-form.ts';
import { readJson } from '../core/json/read-json.ts';
import { readText } from '../core/json/read-text.ts';
import { readMultipart } from '../core/multipart/read-multipart.ts';
import type { AgentHooks, AgentOutcome } from '../core/ports/agent-executor.ts';
import type { Engine } from '../core/ports/engine.ts';
import type { Dispatched } from '../core/ports/run-store.ts';
import type { Run } from '../core/runs/run.ts';
import { emptyTrace } from '../core/runs/trace.ts';
import { judgeFile } from '../files/file-kind.ts';
import { answerRequest } from './answer-request.ts';

const connectorTypes = await loadConnectorTypes();

const secrets: ConnectorSecrets = { current: 'top-secret', previous: null, config: {} };
const request = () => sampleJsonRequest({ 'x-connic-secret': 'top-secret' });
const bodyOf = ({ body }: HttpAnswer) => JSON.parse(body);

function completed(output: string): AgentOutcome {
  return {
    outcome: 'completed',
    output,
    tokenUsage: null,
    costUsd: null,
    model: null,
    context: {},
    warnings: [],
    trace: emptyTrace,
    session: null,
  };
}

/** How the system of a test differs from a healthy one. */
interface Circumstances {
  readonly connector?: Partial<Connector>;
  readonly agents?: readonly string[];
  readonly dispatched?: Dispatched | RetryableError;
  readonly execute?: (hooks: AgentHooks) => Promise<AgentOutcome>;
  readonly whenEnded?: () => Promise<Run>;
}

/** An engine in memory with one connector that can receive and await; any other call fails the test. */
function engineWith(mode: 'inbound' | 'sync', circumstances: Circumstances = {}): Engine {
  const connector = { ...sampleConnector('webhook', mode, {}, secrets), ...circumstances.connector };
  const agents = circumstances.agents ?? connector.agents;
  const { dispatched = { outcome: 'stored' } } = circumstances;
  const ports = {
    types: connectorTypes,
    clock: () => sampleNow,
    entropy: randomBytes,
    settings: { maxAttempts: 3, maxIsolatedRuns: 1, allowPrivateTargets: false, baseUrl: 'http://localhost' },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    connectors: { get: async (id: string) => (id === connector.id ? connector : null) },
    secrets: { get: async () => secrets },
    readJson,
    readForm,
    readText,
    readMultipart: (bytes: Uint8Array, boundary: string) => readMultipart(bytes, boundary, judgeFile),
    holds: { known: async () => new Map(), atHand: () => new Map() },
    rateLimiter: { take: () => ({ allowed: false, retryAfterSeconds: 7 }) },
    agents: {
      get: (name: string) =>
        agents.includes(name)
          ? {
              name,
              timeoutSeconds: 60,
              maxConcurrentRuns: null,
              concurrency: null,
              session: null,
              inputSchema: null,
            }
          : null,
    },
    runs: {
      dispatch: async () => {
        if (dispatched instanceof RetryableError) throw dispatched;
        return dispatched;
      },
      end: async () => 'ended',
    },
    budgets: { atHand: () => [], inForce: async () => [] },
    executor: { execute: (_request: unknown, hooks: AgentHooks) => (circumstances.execute ?? greet)(hooks) },
    signals: {
      announceQueued: async () => {},
      onCancel: () => () => {},
      whenEnded: circumstances.whenEnded ?? (async () => sampleRun),
    },
  };
  return ports as unknown as Engine;
}

const greet = async ({ onText }: AgentHooks) => {
  onText?.('Hello ');
  onText?.('to you.');
  return completed('Hello to you.');
};

const { id } = sampleConnector('webhook', 'inbound', {});

/** The complete answer at the URL of a mode. */
async function answerAt(suffix: '' | '/sync', engine: Engine, connectorId = id, sent = request()) {
  const { answer, finished } = await answerRequest(engine, { connectorId, suffix }, sent);
  if (answer === null) throw new Error('nobody asked for an answer in pieces');
  return { answer, finished };
}

describe('an inbound webhook answers', () => {
  const answered = async (circumstances?: Circumstances, sent = request()) =>
    (await answerAt('', engineWith('inbound', circumstances), id, sent)).answer;

  test('200 with one run for each linked agent', async () => {
    const agents = ['first', 'second'];
    const answer = await answered({ connector: { agents }, agents });
    expect(answer.status).toBe(200);
    expect(bodyOf(answer)).toMatchObject({ status: 'ok', dispatched_to: 2 });
    expect(new Set(bodyOf(answer).run_ids).size).toBe(2);
  });

  test("a repeat with the first answer's run ids", async () => {
    const answer = await answered({ dispatched: { outcome: 'repeated', runIds: ['a'] } });
    expect(answer).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' } });
    expect(bodyOf(answer)).toEqual({ status: 'ok', dispatched_to: 1, run_ids: ['a'] });
  });

  test.each<[number, string, Circumstances]>([
    [409, 'no-linked-agents', { connector: { agents: [] } }],
    [409, 'no-linked-agents', { agents: [] }],
    [422, 'idempotency-mismatch', { dispatched: { outcome: 'mismatch' } }],
    [423, 'connector-disabled', { connector: { enabled: false } }],
    [429, 'rate-limited', { connector: { config: { rate_limit: { requests: 5, per_seconds: 1 } } } }],
    [503, 'unavailable', { dispatched: { outcome: 'overloaded', retryAfterSeconds: 7 } }],
    [503, 'unavailable', { dispatched: new RetryableError('disk', { retryAfterSeconds: 7 }) }],
  ])('%i %s', async (status, code, circumstances) => {
    const answer = await answered(circumstances);
    expect(answer.status).toBe(status);
    expect(bodyOf(answer)).toEqual({ detail: expect.stringMatching(/^[A-Z].*\.$/), code });
    expect(answer.headers['retry-after']).toBe(status === 429 || status === 503 ? '7' : undefined);
  });

  test('an id that nobody has exactly as a wrong secret', async () => {
    const wrong = await answered({}, sampleJsonRequest({ 'x-connic-secret': 'wrong' }));
    const unknown = await answerAt('', engineWith('inbound'), 'nobody');
    expect(wrong.status).toBe(401);
    expect(unknown.answer).toEqual(wrong);
  });

  test.each<[string, Partial<Connector>]>([
    ['mode', { mode: 'sync' }],
    ['mode, which is called by nobody', { mode: 'outbound' }],
    ['type, which is called by nobody', { type: 'cron' }],
    ['type that the product does not know', { type: 'window' }],
  ])('401 for a connector of another %s', async (_, connector) => {
    expect(await answered({ connector })).toMatchObject({ status: 401 });
  });

  test('never names the fault of the platform', async () => {
    const { body } = await answered({ dispatched: new RetryableError('SQLITE_IOERR at /var/data') });
    expect(body).not.toContain('SQLITE');
  });
});

describe('a sync webhook answers', () => {
  test('with the result, and has finished then', async () => {
    const { answer, finished } = await answerAt('/sync', engineWith('sync'));
    await finished;
    expect(answer.status).toBe(200);
    expect(bodyOf(answer)).toMatchObject({ status: 'ok', result: { output: 'Hello to you.', error: null } });
  });

  test('202 at its deadline; the run goes on, and is waited for by whoever must not stop before', async () => {
    let end = (_: AgentOutcome) => {};
    const { answer, finished } = await answerAt(
      '/sync',
      engineWith('sync', {
        connector: { config: { timeout_seconds: 1 } },
        execute: () => new Promise((resolve) => (end = resolve)),
        whenEnded: async () => ({ ...sampleRun, status: 'running', output: null }),
      }),
    );
    expect(answer.status).toBe(202);
    let over = false;
    const waiting = finished?.then(() => (over = true));
    expect(over).toBe(false);
    end(completed('late'));
    await waiting;
    expect(over).toBe(true);
  });

  test('503 with the place of the run where its result cannot be read', async () => {
    const engine = engineWith('sync', {
      dispatched: { outcome: 'repeated', runIds: ['a'] },
      whenEnded: () => Promise.reject(new RetryableError('away', { retryAfterSeconds: 2 })),
    });
    const { answer } = await answerAt('/sync', engine);
    expect(answer).toMatchObject({
      status: 503,
      headers: { location: '/api/v1/runs/a', 'retry-after': '2' },
    });
    expect(bodyOf(answer).detail).toBe(
      'The run was started and continues, but its result is currently not available.',
    );
  });
});

describe('a sync webhook that streams', () => {
  async function streamed(engine: Engine, connectorId = id) {
    const events: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (event) => events.push(event) });
    const asking = sampleJsonRequest({ 'x-connic-secret': 'top-secret', accept: 'text/event-stream' });
    const { answer } = await answerRequest(engine, { connectorId, suffix: '/sync' }, asking, {
      begin: () => (piece) => parser.feed(piece),
    });
    return { answer, events: events.map(({ event, data }) => [event, JSON.parse(data)]) };
  }

  test('tells of the runs, then of the text as it is written, and last of the result', async () => {
    const { answer, events } = await streamed(engineWith('sync'));
    const runId = events[0]?.[1].run_id;
    expect(answer).toBeNull();
    expect(events).toEqual([
      ['run', { run_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }],
      ['chunk', { run_id: runId, text: 'Hello ' }],
      ['chunk', { run_id: runId, text: 'to you.' }],
      [
        'result',
        { status: 'ok', result: expect.objectContaining({ run_id: runId, output: 'Hello to you.' }) },
      ],
    ]);
  });

  test('writes nothing for a request that is refused, so that its status can be told', async () => {
    const { answer, events } = await streamed(engineWith('sync'), 'nobody');
    expect(answer?.status).toBe(401);
    expect(events).toEqual([]);
  });

  test('ends with an error where the result cannot be read', async () => {
    const engine = engineWith('sync', {
      dispatched: { outcome: 'repeated', runIds: ['a'] },
      whenEnded: () => Promise.reject(new RetryableError('away')),
    });
    const { events } = await streamed(engine);
    expect(events).toEqual([
      ['run', { run_id: 'a' }],
      ['error', { detail: expect.stringContaining('currently not available'), code: 'unavailable' }],
    ]);
  });
});
