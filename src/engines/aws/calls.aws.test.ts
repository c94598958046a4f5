import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { takeMessages } from '../../../test/aws/queue-messages.ts';
import { sampleDispatch, sampleEnd, sampleLease } from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import { startWatchedAccount, type WatchedAccount } from '../../../test/aws/watched-account.ts';
import { type Receiver, startReceiver } from '../../../test/receivers/recording-receiver.ts';
import { webhook } from '../../connectors/webhook/index.ts';
import { createBudget } from '../../core/budgets/manage-budgets.ts';
import { createConnector } from '../../core/connectors/create-connector.ts';
import { bodyOfBytes } from '../../core/connectors/http-request.ts';
import { changePause, pausableConnector } from '../../core/control/pause.ts';
import { deliver } from '../../core/deliveries/deliver.ts';
import { planDeliveries } from '../../core/deliveries/plan-deliveries.ts';
import { executeRun } from '../../core/runs/execute-run.ts';
import { answerRequest } from '../../ingress/answer-request.ts';
import { awsClients } from './clients.ts';
import { onceEach } from './entry/work-function.ts';
import type { AwsEngine } from './runtime.ts';

let made: TestEngine;
let account: WatchedAccount;
/** An engine whose calls go through the watched account: each call costs money and time. */
let engine: AwsEngine;
let receiver: Receiver;

beforeAll(async () => {
  made = await testEngine({
    types: new Map([['webhook', webhook]]),
    tools: { delivering: (input: unknown) => JSON.stringify(input) },
  });
  account = await startWatchedAccount(process.env['AWS_ENDPOINT_URL'] ?? '');
  process.env['AWS_ENDPOINT_URL'] = account.endpoint;
  engine = made.another({ clients: awsClients() });
  receiver = await startReceiver();
  const outbound = {
    name: 'Receiver',
    type: 'webhook',
    mode: 'outbound',
    config: { url: receiver.url },
  } as const;
  const created = await createConnector(engine, 'admin-token', { ...outbound, agents: ['delivering'] });
  expect(created.outcome).toBe('created');
});
beforeEach(() => account.clear());
afterAll(async () => {
  await account.stop();
  await receiver.goDown();
});

const callNames = () => account.calls.map(({ name }) => name);

async function queuedRun(agentName: string): Promise<string> {
  const dispatch = sampleDispatch(made.now, { agents: [agentName] });
  await made.engine.runs.dispatch(dispatch);
  return dispatch.runs[0]?.runId ?? '';
}

/** Whether this run's end starts the function that reads the table's stream. */
async function isToBePlanned(runId: string): Promise<boolean> {
  const open = await made.engine.reconcile();
  expect(open.runs).toBe(0);
  made.now += 300_000;
  const { plans } = await made.engine.reconcile();
  expect(await made.engine.runs.get(runId)).toMatchObject({ status: 'completed' });
  return plans > 0;
}

describe('Calls to AWS', () => {
  test('A run is read, claimed and ended with five, once holds and budgets are known', async () => {
    await executeRun(engine, await queuedRun('echo'));
    const runId = await queuedRun('echo');
    account.clear();
    expect(await executeRun(engine, runId)).toMatchObject({ outcome: 'ended' });
    expect(callNames().sort()).toEqual([
      'DynamoDB GetItem',
      'DynamoDB PutItem',
      'DynamoDB Query',
      'DynamoDB UpdateItem',
      'DynamoDB UpdateItem',
    ]);
  });

  test('The end of a run that no outbound connector waits for starts no planning at all', async () => {
    const runId = await queuedRun('echo');
    await executeRun(engine, runId);
    expect(await isToBePlanned(runId)).toBe(false);
  });

  test('The connectors of an agent are asked for once in a batch of ended runs', async () => {
    const runIds = [
      await queuedRun('delivering'),
      await queuedRun('delivering'),
      await queuedRun('delivering'),
    ];
    for (const runId of runIds) await executeRun(engine, runId);
    account.clear();
    const linkedTo = onceEach(engine.connectors.linkedTo);
    for (const runId of runIds) await planDeliveries(engine, runId, linkedTo);
    expect(callNames().filter((name) => name === 'DynamoDB BatchGetItem')).toHaveLength(1);
    await takeMessages(made.clients, made.resources.deliveryQueueUrl);
  });

  const planned = async (given: { readonly triggerId?: string }) => {
    const dispatch = sampleDispatch(made.now, { agents: ['delivering'], ...given });
    await made.engine.runs.dispatch(dispatch);
    const [{ runId } = { runId: '' }] = dispatch.runs;
    const lease = sampleLease(made.now);
    await made.engine.runs.claim(runId, lease);
    await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now));
    const [deliveryId = ''] = await planDeliveries(made.engine, runId);
    return deliveryId;
  };

  test.each([
    ['whose content is in its own record', {}, 4],
    ['whose trigger has a record of its own', { triggerId: crypto.randomUUID() }, 5],
  ])(
    'A delivery of a run %s is made with at most five, once holds are known',
    async (_kind, given, calls) => {
      const signal = new AbortController().signal;
      // A different function instance than the one that planned it.
      const delivering = made.another({ clients: awsClients() });
      expect(await deliver(delivering, await planned({}), signal)).toEqual({ outcome: 'delivered' });
      const deliveryId = await planned(given);
      account.clear();
      expect(await deliver(delivering, deliveryId, signal)).toEqual({ outcome: 'delivered' });
      expect(callNames().filter((name) => !name.startsWith('SecretsManager'))).toHaveLength(calls);
    },
  );

  test('An idle minute takes at most thirteen', async () => {
    await engine.reconcile();
    await engine.followSources();
    expect(callNames().length).toBeLessThanOrEqual(13);
    expect(new Set(callNames())).toEqual(new Set(['DynamoDB Query']));
  });

  test('An inbound event takes two, whatever filters, budgets, and pauses there are for others, and a filtered one takes one', async () => {
    const accepting = made.another({ clients: awsClients(), cacheMs: 10_000 });
    const create = async (name: string, filter?: string) => {
      const draft = { name, type: 'webhook', mode: 'inbound', config: { auth: { type: 'none' } } } as const;
      const agents = ['echo'];
      const given = { ...draft, agents, filter: filter ?? null };
      const created = await createConnector(engine, 'admin-token', given);
      if (created.outcome !== 'created') throw new Error(created.detail);
      return created.connector.id;
    };
    const callsOf = async (connectorId: string) => {
      account.clear();
      const body = bodyOfBytes(Buffer.from('{"total": 5}'));
      const headers = { 'content-type': 'application/json' };
      const request = { method: 'POST', headers, query: '', body };
      const { answer } = await answerRequest(accepting, { connectorId, suffix: '' }, request);
      expect(answer?.status).toBe(200);
      return callNames();
    };
    const plain = await create('Plain');
    await callsOf(plain);
    const alone = await callsOf(plain);
    expect(alone).toEqual(['DynamoDB PutItem', 'SQS SendMessageBatch']);
    const filtered = await create('Filtered', 'input.total > 100');
    const budget = { measure: 'usd', period: 'day', timeZone: 'UTC', limit: 1, warnAt: null } as const;
    for (const onLimit of ['hold', 'refuse', 'stop'] as const) {
      const scope = { type: 'agent', id: 'delivering' } as const;
      await createBudget(engine, 'admin-token', { ...budget, name: onLimit, scope, onLimit });
    }
    const paused = pausableConnector({ id: await create('Paused'), mode: 'inbound' });
    await changePause(engine, 'admin-token', paused, { paused: true });
    made.now += 60_000;
    await callsOf(plain);
    expect(await callsOf(plain)).toEqual(alone);
    await callsOf(filtered);
    expect(await callsOf(filtered)).toEqual(['DynamoDB PutItem']);
  });
});
