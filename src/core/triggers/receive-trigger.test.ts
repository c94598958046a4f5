import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import { toolAgent } from '../../../test/embedded/test-project.ts';
import type { Budget } from '../budgets/budget.ts';
import { periodAt } from '../budgets/budgets-of.ts';
import type { Connector } from '../connectors/connector.ts';
import type { ConnectorType } from '../connectors/connector-type.ts';
import type { Received } from '../connectors/received.ts';
import { RetryableError } from '../errors.ts';
import { uuidV7 } from '../identifiers.ts';
import { Payload } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import { awaitRuns } from '../runs/await-runs.ts';
import { type ReceiveOutcome, receiveEvent } from './receive-trigger.ts';

type Accepted = Extract<Received, { outcome: 'accepted' }>;
interface Knock extends Partial<Accepted> {
  readonly limit?: { requests: number; perSeconds: number };
}

/** A connector type whose events say what becomes of them. */
const door: ConnectorType<Knock> = {
  name: 'door',
  title: 'Door',
  summary: 'Takes what knocks.',
  category: 'web',
  icon: '',
  modes: {},
  async receive(event, { admit }) {
    const refused = admit(event.limit);
    if (refused !== null) return refused;
    const plain = { context: {}, modelInput: null, warnings: [], repeat: null, natural: null };
    return { outcome: 'accepted', payload: Payload.of({}), ...plain, ...event };
  },
};

describe('receiveTrigger', () => {
  let still: StillEngine;
  const code = { clerk: `async ({ n = 0 }) => 'clerk ' + n`, poet: `async () => 'a poem'` };

  beforeEach(async () => {
    const agents = [toolAgent('clerk'), toolAgent('poet'), toolAgent('single', { maxConcurrentRuns: 1 })];
    still = await openStillEngine(code, { agents, types: new Map([['door', door]]) });
  });
  afterEach(() => still.close());

  const connect = async (given: Partial<Connector> = {}) => {
    const connector: Connector = {
      id: 'front',
      name: 'Front door',
      type: 'door',
      mode: 'inbound',
      config: {},
      secretFields: [],
      connection: null,
      agents: ['clerk', 'poet'],
      enabled: true,
      disabledReason: null,
      disabledPeriods: [],
      paused: null,
      secretHashes: [],
      failingSince: null,
      failureTally: null,
      version: 1,
      createdAt: still.now,
      updatedAt: still.now,
      ...given,
    };
    await still.engine.connectors.create(connector);
    return connector;
  };
  const knock = async (event: Knock = {}, engine: Engine = still.engine) => {
    const connector = await engine.connectors.get('front');
    if (connector === null) throw new Error('there is no front door');
    const received = await receiveEvent(engine, connector, event);
    if (received.outcome === 'answered') throw new Error('a door answers nobody');
    return received;
  };
  const storedRuns = async () => (await still.engine.runs.list({ limit: 100, cursor: null })).items;

  test('stores one queued run for each linked agent, in link order', async () => {
    await connect({ agents: ['poet', 'clerk'] });
    const accepted = await knock({ payload: Payload.of({ n: 1 }) });
    expect(accepted).toMatchObject({ outcome: 'accepted', repeated: false, held: null });
    if (accepted.outcome !== 'accepted') return;
    const runs = await Promise.all(accepted.runIds.map((runId) => still.engine.runs.get(runId)));
    expect(runs.map((run) => [run?.agentName, run?.status, run?.payload.value, run?.connectorId])).toEqual([
      ['poet', 'queued', { n: 1 }, 'front'],
      ['clerk', 'queued', { n: 1 }, 'front'],
    ]);
  });

  test('an agent that the project no longer has makes no run', async () => {
    await connect({ agents: ['removed', 'clerk'] });
    expect(await knock()).toMatchObject({ runIds: [expect.any(String)] });
    expect((await storedRuns()).map(({ agentName }) => agentName)).toEqual(['clerk']);
  });

  test.each<[string, Partial<Connector>, string]>([
    ['disabled', { enabled: false }, 'connector-disabled'],
    ['without agents', { agents: [] }, 'no-linked-agents'],
    ['with none but removed agents', { agents: ['removed'] }, 'no-linked-agents'],
  ])('a connector %s takes nothing and says why', async (_, given, reason) => {
    await connect(given);
    expect(await knock()).toMatchObject({ outcome: 'refused', reason });
    expect(await storedRuns()).toEqual([]);
  });

  test('over its rate limit a connector says when to come again', async () => {
    await connect();
    const limit = { requests: 1, perSeconds: 30 };
    expect(await knock({ limit })).toMatchObject({ outcome: 'accepted' });
    expect(await knock({ limit })).toMatchObject({ reason: 'rate-limited', retryAfterSeconds: 30 });
    still.now += 30_000;
    expect(await knock({ limit })).toMatchObject({ outcome: 'accepted' });
  });

  test('a budget that is used up refuses new events, and answers those that come again like the first time', async () => {
    await connect();
    const { budgets } = still.engine;
    const budget: Budget = {
      budgetId: uuidV7(still.now, still.engine.entropy),
      name: 'daily',
      scope: { type: 'deployment', id: null },
      measure: 'runs',
      period: 'day',
      timeZone: 'UTC',
      limit: 2,
      warnAt: null,
      onLimit: 'refuse',
      createdAt: still.now,
      version: 1,
    };
    await budgets.create(budget);
    const repeat = (key: string) => ({ repeat: { key, fingerprint: 'abc', validForMs: 60_000 } });
    const natural = (key: string) => ({ natural: { key, timeMs: still.now } });
    const first = [await knock(repeat('a')), await knock(natural('a'))];
    const { from } = periodAt(budget, still.now);
    const counter = { budgetId: budget.budgetId, from, key: '' };
    const used = { counter, amount: 2, limit: 2, expiresAt: still.now + 86_400_000 };
    await budgets.reserve('r', [used], still.now + 60_000);
    await budgets.settle('r', [{ counter, reserved: 2, used: 2 }]);
    for (const event of [repeat('b'), natural('b'), {}]) {
      expect(await knock(event)).toMatchObject({ outcome: 'refused', reason: 'budget-reached' });
    }
    const again = [await knock(repeat('a')), await knock(natural('a'))];
    const runIdsOf = (one: ReceiveOutcome) => one.outcome === 'accepted' && one.runIds;
    expect(again.map((one) => runIdsOf(one))).toEqual(first.map((one) => runIdsOf(one)));
    expect(again).toMatchObject([{ repeated: true }, { repeated: true }]);
    const other = { repeat: { key: 'a', fingerprint: 'other', validForMs: 60_000 } };
    expect(await knock(other)).toMatchObject({ outcome: 'refused', reason: 'idempotency-mismatch' });
    const plain = {
      outcome: 'accepted',
      payload: Payload.of({}),
      context: {},
      modelInput: null,
      warnings: [],
    } as const;
    const batch = (key: string) =>
      knock({ ...natural('a'), others: [{ ...plain, repeat: null, ...natural(key) }] });
    expect(await batch('a')).toMatchObject({ outcome: 'accepted', repeated: true });
    expect(await batch('b')).toMatchObject({ outcome: 'refused', reason: 'budget-reached' });
    expect(await storedRuns()).toHaveLength(4);
  });

  test('the same natural key makes the same runs, once', async () => {
    await connect();
    const natural = { key: 'orders-0-7', timeMs: still.now - 5_000 };
    const first = await knock({ natural });
    still.now += 60_000;
    const second = await knock({ natural });
    expect(first).toMatchObject({ repeated: false });
    expect(second).toMatchObject({ repeated: true });
    if (first.outcome === 'accepted' && second.outcome === 'accepted') {
      expect(second.runIds).toEqual(first.runIds);
    }
    expect(await storedRuns()).toHaveLength(2);
  });

  test('another event under the same repeat key is refused', async () => {
    await connect();
    const repeat = { key: 'order-1', fingerprint: 'a', validForMs: 1_000 };
    await knock({ repeat });
    expect(await knock({ repeat })).toMatchObject({ outcome: 'accepted', repeated: true });
    expect(await knock({ repeat: { ...repeat, fingerprint: 'b' } })).toMatchObject({
      outcome: 'refused',
      reason: 'idempotency-mismatch',
    });
  });

  test('a store that is away refuses for a while', async () => {
    await connect();
    const away = () => Promise.reject(new RetryableError('The disk is full.', { retryAfterSeconds: 5 }));
    const engine = { ...still.engine, runs: { ...still.engine.runs, dispatch: away } };
    expect(await knock({}, engine)).toMatchObject({
      reason: 'unavailable',
      retryAfterSeconds: 5,
    });
  });

  describe('on a sync connector', () => {
    test('the caller holds the runs, executes them, and gets their ends in link order', async () => {
      await connect({ mode: 'sync' });
      const accepted = await knock({ payload: Payload.of({ n: 7 }) });
      if (accepted.outcome !== 'accepted') throw new Error(accepted.detail);
      const receivedAt = still.now;
      still.now += 5;
      const awaited = await awaitRuns(still.engine, accepted, 20_000);
      expect(awaited.outcome).toBe('ended');
      // As the store has it, and the log, which reports the duration.
      expect(awaited.runs.map(({ startedAt }) => startedAt)).toEqual([receivedAt, receivedAt]);
      expect((await storedRuns()).map(({ startedAt }) => startedAt)).toEqual([receivedAt, receivedAt]);
      expect(awaited.runs.map(({ output }) => output)).toEqual(['clerk 7', 'a poem']);
      expect((await storedRuns()).map(({ status, attempts }) => [status, attempts])).toEqual([
        ['completed', 1],
        ['completed', 1],
      ]);
    });

    test('a repeat waits for the runs of the first', async () => {
      await connect({ mode: 'sync', agents: ['clerk'] });
      const repeat = { key: 'order-1', fingerprint: 'a', validForMs: 60_000 };
      const first = await knock({ repeat });
      const second = await knock({ repeat });
      if (first.outcome !== 'accepted' || second.outcome !== 'accepted') throw new Error('refused');
      expect(second.held).toBeNull();
      const [a, b] = await Promise.all([first, second].map((each) => awaitRuns(still.engine, each, 20_000)));
      expect(b?.runs[0]).toMatchObject({ runId: a?.runs[0]?.runId, output: 'clerk 0' });
    });

    test('runs of an agent with limits wait their turn in the queue, and the deadline passes', async () => {
      await connect({ mode: 'sync', agents: ['single'] });
      const accepted = await knock({});
      if (accepted.outcome !== 'accepted') throw new Error(accepted.detail);
      expect(accepted.held).toBeNull();
      const awaited = await awaitRuns(still.engine, accepted, 10);
      expect(awaited).toMatchObject({ outcome: 'timeout', runs: [{ status: 'queued' }] });
    });
  });
});
