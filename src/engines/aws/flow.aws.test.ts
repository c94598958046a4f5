import { setTimeout as sleep } from 'node:timers/promises';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { takeMessages } from '../../../test/aws/queue-messages.ts';
import { newId, sampleConnector, sampleDispatch, sampleEnd, sampleLease } from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import { changeConnector } from '../../core/connectors/change-connector.ts';
import type { ConnectorType, Sent } from '../../core/connectors/connector-type.ts';
import { deliver } from '../../core/deliveries/deliver.ts';
import { planDeliveries } from '../../core/deliveries/plan-deliveries.ts';
import { Payload } from '../../core/json/json-value.ts';
import { awaitRuns } from '../../core/runs/await-runs.ts';
import { executeRun } from '../../core/runs/execute-run.ts';
import type { EndedRun } from '../../core/runs/run.ts';
import { startRun } from '../../core/runs/start-run.ts';
import { receiveEvent } from '../../core/triggers/receive-trigger.ts';
import { endedRunOf, endedRunPattern } from './runs/ended-run-pattern.ts';

const sent: EndedRun[] = [];
const answers: Sent[] = [];
const delivered: Sent = { outcome: 'delivered', statusCode: 200, responseExcerpt: 'ok' };

/** Takes JSON and delivers runs to `sent`. */
const memory: ConnectorType<unknown, EndedRun> = {
  name: 'memory',
  title: 'Memory',
  summary: '',
  category: 'web',
  icon: '',
  modes: {},
  async receive(event, context) {
    const payload = Payload.of(z.json().parse(event));
    const taken = { payload, context: {}, modelInput: null, warnings: [], repeat: null, natural: null };
    return context.admit() ?? { outcome: 'accepted', ...taken };
  },
  prepare: (run) => run,
  async send(run) {
    const answer = answers.shift() ?? delivered;
    if (answer.outcome === 'delivered') sent.push(run);
    return answer;
  },
};

let made: TestEngine;
/** Lets the tool of the agent `waiting` return. */
let finishWaiting = (): void => {};

beforeAll(async () => {
  made = await testEngine({
    types: new Map([['memory', memory]]),
    tools: {
      waiting: (_input: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise((resolve) => {
          finishWaiting = () => resolve('waited');
          signal.addEventListener('abort', () => resolve('aborted'));
        }),
      single: (input: unknown) => JSON.stringify(input),
    },
    agents: { single: { maxConcurrentRuns: 1 } },
  });
});

const runMessages = () => takeMessages(made.clients, made.resources.runQueueUrl);
const deliveryMessages = () => takeMessages(made.clients, made.resources.deliveryQueueUrl);

/** Starts a run manually and returns its id. */
async function started(agentName: string): Promise<string> {
  const outcome = await startRun(made.engine, 'admin-token', agentName, Payload.of({}));
  if (outcome.outcome !== 'started') throw new Error(outcome.outcome);
  return outcome.runId;
}

async function untilRunning(runId: string): Promise<void> {
  for (let look = 0; look < 1_000; look++) {
    if ((await made.engine.runs.get(runId))?.status === 'running') return;
  }
  throw new Error('the run does not start');
}

/** The stream's record of a run. */
async function streamRecord(runId: string): Promise<unknown> {
  const { Item: image } = await made.clients.dynamo.send(
    new GetItemCommand({
      TableName: made.resources.tableName,
      Key: { pk: { S: `RUN#${runId}` }, sk: { S: 'RUN' } },
    }),
  );
  return { eventName: 'MODIFY', dynamodb: { NewImage: image } };
}

describe('a trigger', () => {
  test('goes through the queue, an agent, the stream and the delivery queue to its receiver', async () => {
    const inbound = sampleConnector(made.now, { type: 'memory' });
    const outbound = sampleConnector(made.now, { type: 'memory', mode: 'outbound' });
    for (const connector of [inbound, outbound]) await made.engine.connectors.create(connector);

    const received = await receiveEvent(made.engine, inbound, { order: 'A-1' });
    expect(received).toMatchObject({ outcome: 'accepted', repeated: false, held: null });
    const [runId = '', ...none] = await runMessages();
    expect(none).toEqual([]);

    expect(endedRunOf(await streamRecord(runId))).toBeNull();
    expect(await executeRun(made.engine, runId)).toMatchObject({
      outcome: 'ended',
      run: { status: 'completed' },
    });
    expect(await executeRun(made.engine, runId)).toEqual({ outcome: 'not-acquired' });
    expect((await made.engine.runs.trace(runId)).spans.map((span) => span.kind)).toContain('tool');

    expect(endedRunOf(await streamRecord(runId))).toBe(runId);
    await planDeliveries(made.engine, runId);
    expect(endedRunOf(await streamRecord(runId))).toBeNull();

    const [deliveryId = ''] = await deliveryMessages();
    answers.push({
      outcome: 'failed',
      error: 'It answered 503.',
      retryAfterMs: 0,
      statusCode: 503,
      responseExcerpt: null,
    });
    const signal = new AbortController().signal;
    const first = await deliver(made.engine, deliveryId, signal);
    expect(first).toMatchObject({ outcome: 'retry' });
    expect(await deliver(made.engine, deliveryId, signal)).toEqual({ outcome: 'not-acquired' });
    made.now = first.outcome === 'retry' ? first.at : made.now;
    expect(await deliver(made.engine, deliveryId, signal)).toEqual({ outcome: 'delivered' });
    expect(sent).toMatchObject([{ runId, output: '{"order":"A-1"}', connectorId: inbound.id }]);
    expect(await made.engine.deliveries.ofRun(runId)).toMatchObject([
      { status: 'delivered', attempts: [{}, {}] },
    ]);
  });

  test('of a sync connector is executed where it was received', async () => {
    const connector = sampleConnector(made.now, { type: 'memory', mode: 'sync' });
    await made.engine.connectors.create(connector);
    const received = await receiveEvent(made.engine, connector, { question: 1 });
    if (received.outcome !== 'accepted') throw new Error('it was refused');
    const awaited = await awaitRuns(made.engine, received, 5_000);
    expect(awaited).toMatchObject({
      outcome: 'ended',
      runs: [{ status: 'completed', output: '{"question":1}' }],
    });
    expect(await runMessages()).toEqual([]);
  });
});

describe('a connector that is switched off and on', () => {
  test('gets what ended while it was on; the rest is held, however late the stream tells of it', async () => {
    const connector = sampleConnector(made.now, { type: 'memory', mode: 'outbound' });
    await made.engine.connectors.create(connector);
    const endedRun = async () => {
      made.now += 1_000;
      const runId = await started('echo');
      await executeRun(made.engine, runId);
      made.now += 1_000;
      return runId;
    };
    const before = await endedRun();
    await changeConnector(made.engine, 'test', connector.id, { enabled: false });
    const during = await endedRun();
    await changeConnector(made.engine, 'test', connector.id, { enabled: true });
    const after = await endedRun();
    const statusOf = async (runId: string) => {
      await planDeliveries(made.engine, runId);
      const deliveries = await made.engine.deliveries.ofRun(runId);
      return deliveries.find(({ connectorId }) => connectorId === connector.id)?.status;
    };
    const statuses = [await statusOf(before), await statusOf(during), await statusOf(after)];
    expect(statuses).toEqual(['pending', 'held', 'pending']);
    expect(await made.engine.deliveries.countHeld(connector.id)).toMatchObject({ count: 1 });

    const sentBefore = sent.length;
    const signal = new AbortController().signal;
    await deliveryMessages();
    await changeConnector(made.engine, 'test', connector.id, { enabled: true, heldDecision: 'send' });
    for (const deliveryId of await deliveryMessages()) await deliver(made.engine, deliveryId, signal);
    expect(sent.slice(sentBefore)).toMatchObject([{ runId: during }]);
  });
});

describe('a run of an agent that the runner does not know', () => {
  const dispatchedTo = async (agentName: string): Promise<string> => {
    const dispatch = sampleDispatch(made.now, { agents: [agentName] });
    await made.engine.runs.dispatch(dispatch);
    return dispatch.runs[0]?.runId ?? '';
  };

  test('goes back to the queue, and is executed by the first function that knows the agent', async () => {
    const runId = await dispatchedTo('echo');
    const beforeDeployment = made.another({ project: { agents: [], tools: [] } });
    expect(await executeRun(beforeDeployment, runId)).toMatchObject({ outcome: 'released' });
    made.now += 1_000;
    while (!(await runMessages()).includes(runId)) await sleep(100);
    expect(await executeRun(made.engine, runId)).toMatchObject({ run: { status: 'completed' } });
  });

  test('fails where nobody knows the agent ten minutes after the run was queued', async () => {
    const runId = await dispatchedTo('gone');
    made.now += 599_999;
    expect(await executeRun(made.engine, runId)).toMatchObject({ outcome: 'released' });
    made.now += 1_000;
    expect(await executeRun(made.engine, runId)).toMatchObject({ run: { error: { code: 'agent-missing' } } });
  });
});

describe('an agent that runs once at a time', () => {
  test('is busy for a second run until the first has ended', async () => {
    const first = sampleDispatch(made.now, { agents: ['single'] });
    await made.engine.runs.dispatch(first);
    const [held] = first.runs;
    const lease = sampleLease(made.now, [{ key: 'single', limit: 1 }]);
    await made.engine.runs.claim(held?.runId ?? '', lease);
    const second = await started('single');
    expect(await executeRun(made.engine, second)).toEqual({
      outcome: 'busy',
      slot: { key: 'single', limit: 1 },
    });
    await made.engine.runs.end(held?.runId ?? '', lease.owner, sampleEnd(made.now));
    expect(await executeRun(made.engine, second)).toMatchObject({ outcome: 'ended' });
  });
});

describe('signals', () => {
  test('carry a cancellation to the function that executes the run', async () => {
    const runId = await started('waiting');
    const executed = executeRun(made.engine, runId);
    await untilRunning(runId);
    expect(await made.another().runs.requestCancel(runId, made.now)).toBe('requested');
    expect(await executed).toMatchObject({ outcome: 'ended', run: { status: 'cancelled' } });
  });

  test('tell who waits for a run that it has ended elsewhere, or what it is when the wait is over', async () => {
    const runId = await started('waiting');
    const executed = executeRun(made.engine, runId);
    const early = await made.another().signals.whenEnded(runId, AbortSignal.timeout(300));
    expect(early).toMatchObject({ runId, status: 'running' });
    const waiting = made.another().signals.whenEnded(runId, new AbortController().signal);
    finishWaiting();
    expect(await waiting).toMatchObject({ runId, status: 'completed', output: 'waited' });
    await executed;
    await expect(
      made.engine.signals.whenEnded(newId(made.now), AbortSignal.timeout(1)),
    ).rejects.toMatchObject({
      code: 'run-not-found',
    });
  });

  test('tell those who ask what changed since they asked last, and nothing twice', async () => {
    const { changes } = made.another().signals;
    if (changes.kind !== 'asked') throw new Error('functions that share no process are asked');
    await started('echo');
    const first = await changes.since(null);
    expect(first.events).toEqual([]);
    const runId = await started('echo');
    const second = await changes.since(first.place);
    expect(second.events).toEqual([
      { type: 'run.updated', run: expect.objectContaining({ runId, status: 'queued' }) },
    ]);
    expect(await changes.since(second.place)).toEqual({ events: [], place: second.place });
    await executeRun(made.engine, runId);
    const third = await changes.since(second.place);
    expect(third.events).toEqual([
      { type: 'run.updated', run: expect.objectContaining({ runId, status: 'completed' }) },
    ]);
  });

  test.each(['', 'nonsense', 'v1.short', 'v2.AAAAAA'])(
    'learn where they stand from a place like "%s"',
    async (place) => {
      const { changes } = made.another().signals;
      if (changes.kind !== 'asked') throw new Error('functions that share no process are asked');
      await started('echo');
      expect((await changes.since(place)).events).toEqual([]);
    },
  );
});

test('the pattern of the event source says the same as the check in code', () => {
  expect(endedRunPattern).toEqual({
    eventName: ['MODIFY'],
    sk: 'RUN',
    status: ['completed', 'failed', 'cancelled'],
    planned: false,
  });
});
