import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { takeMessages } from '../../../test/aws/queue-messages.ts';
import {
  newId,
  sampleConnector,
  sampleDispatch,
  sampleEnd,
  sampleInterruption,
  sampleLease,
} from '../../../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../../../test/aws/test-engine.ts';
import { type Fault, startWatchedAccount, type WatchedAccount } from '../../../test/aws/watched-account.ts';
import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { Payload } from '../../core/json/json-value.ts';
import { receiveEvent } from '../../core/triggers/receive-trigger.ts';
import { takeEvents } from '../../core/triggers/take-events.ts';
import { awsClients } from './clients.ts';
import type { AwsEngine } from './runtime.ts';

/** Takes any JSON as its payload. */
const plain: ConnectorType<string> = {
  name: 'webhook',
  title: 'Plain',
  summary: '',
  category: 'web',
  icon: '',
  modes: {},
  async receive(event, context) {
    const payload = Payload.of({ event });
    const taken = { payload, context: {}, modelInput: null, warnings: [], repeat: null, natural: null };
    return context.admit() ?? { outcome: 'accepted', ...taken };
  },
};

let made: TestEngine;
let account: WatchedAccount;
/** An engine whose calls go through the watched account. */
let engine: AwsEngine;

beforeAll(async () => {
  made = await testEngine({ types: new Map([['webhook', plain]]) });
  account = await startWatchedAccount(process.env['AWS_ENDPOINT_URL'] ?? '');
  process.env['AWS_ENDPOINT_URL'] = account.endpoint;
});
beforeEach(() => {
  account.clear();
  // New clients for each test: after many failures, the SDK stops retrying.
  engine = made.another({ clients: awsClients(), cacheMs: 2_000 });
});
afterAll(() => account.stop());

/** Makes the named call fail `times` times. */
function failing(call: string, fault: Fault, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  account.fault = (made) => (made.name === call && left-- > 0 ? fault : 'none');
}

const callNames = () => account.calls.map(({ name }) => name);

const outages: Fault[] = ['throttled', 'unavailable', 'cut'];

describe('while DynamoDB is away', () => {
  test.each(outages)('an inbound trigger is refused with 503 and nothing is stored (%s)', async (fault) => {
    const connector = sampleConnector(made.now);
    await made.engine.connectors.create(connector);
    failing('DynamoDB PutItem', fault);
    const outcome = await receiveEvent(engine, connector, 'hello');
    expect(outcome).toMatchObject({ outcome: 'refused', reason: 'unavailable', retryAfterSeconds: 1 });
    const list = await made.engine.runs.list({ limit: 10, cursor: null, connectorId: connector.id });
    expect(list.items).toEqual([]);
  });

  test.each(outages)('every store says that it may be tried again (%s)', async (fault) => {
    account.fault = () => fault;
    const id = newId(made.now);
    const calls: Promise<unknown>[] = [
      engine.runs.get(id),
      engine.runs.list({ limit: 5, cursor: null }),
      engine.connectors.get(id),
      engine.connectors.create(sampleConnector(made.now)),
      engine.deliveries.claim(id, 'me', made.now, made.now + 1),
      engine.secrets.get(id),
      engine.secrets.change(id, () => ({ current: 's', previous: null, config: {} })),
      engine.sessions.load('echo', 'key', made.now),
      engine.audit.list({ limit: 5, cursor: null }),
      engine.reconcile(),
    ];
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { name: 'RetryableError' } });
    }
  });
});

describe('a service that does not answer', () => {
  test('is given up, so that a caller gets its 503 before its gateway gives up', async () => {
    failing('DynamoDB GetItem', 'hung');
    await expect(engine.runs.trace(newId(made.now))).rejects.toMatchObject({ name: 'RetryableError' });
    // Calls of an earlier outage may still be retrying.
    expect(callNames().filter((name) => name === 'DynamoDB GetItem')).toHaveLength(3);
  });
});

describe('while S3 is away', () => {
  test.each(outages)('a large payload is not accepted, and nothing is stored (%s)', async (fault) => {
    account.fault = (call) => (call.service === 's3' ? fault : 'none');
    const large = Array.from({ length: 200_000 }, () => Math.random().toString(36).at(-1)).join('');
    const dispatch = sampleDispatch(made.now, { payload: large });
    await expect(engine.runs.dispatch(dispatch)).rejects.toMatchObject({ name: 'RetryableError' });
    expect(await made.engine.runs.get(dispatch.runs[0]?.runId ?? '')).toBeNull();
  });
});

describe('while SQS is away', () => {
  test.each(outages)(
    'an accepted run is executed all the same, when the reconciler has looked (%s)',
    async (fault) => {
      const connector = sampleConnector(made.now);
      await made.engine.connectors.create(connector);
      failing('SQS SendMessageBatch', fault);
      const outcome = await receiveEvent(engine, connector, 'hello');
      expect(outcome).toMatchObject({ outcome: 'accepted', repeated: false });
      expect(await takeMessages(made.clients, made.resources.runQueueUrl)).toEqual([]);
      made.now += 120_000;
      await made.engine.reconcile();
      const runIds = outcome.outcome === 'accepted' ? outcome.runIds : [];
      expect(await takeMessages(made.clients, made.resources.runQueueUrl)).toEqual(
        expect.arrayContaining([...runIds]),
      );
    },
  );
});

describe('of many events, one of which cannot be stored', () => {
  /** The record that a call writes, the same in every attempt. */
  const written = z.looseObject({ Item: z.looseObject({ pk: z.unknown() }) });
  const failFirstWrite = (fault: Fault) => {
    let first: string | null = null;
    account.fault = ({ name, input }) => {
      if (name !== 'DynamoDB PutItem') return 'none';
      const its = JSON.stringify(written.parse(input).Item.pk);
      first ??= its;
      return its === first ? fault : 'none';
    };
  };
  const runsOf = async (connectorId: string) => {
    const { items } = await made.engine.runs.list({ limit: 10, cursor: null, connectorId });
    return items.map(({ runId }) => runId);
  };

  test.each(outages)('the others are announced, and the reason is told (%s)', async (fault) => {
    const connector = sampleConnector(made.now);
    await made.engine.connectors.create(connector);
    await takeMessages(made.clients, made.resources.runQueueUrl);
    failFirstWrite(fault);
    await expect(takeEvents(engine, connector.id, ['a', 'b', 'c'])).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringMatching(/^AWS is unavailable: /),
    });
    const stored = await runsOf(connector.id);
    expect(stored).toHaveLength(2);
    const announced = await takeMessages(made.clients, made.resources.runQueueUrl);
    expect(announced.sort()).toEqual([...stored].sort());
  });
});

describe('an answer that gets lost', () => {
  test('makes no repeat of a run that was stored in one record', async () => {
    failing('DynamoDB PutItem', 'answer-lost', 1);
    const dispatch = sampleDispatch(made.now);
    expect(await engine.runs.dispatch(dispatch)).toEqual({ outcome: 'stored' });
    expect(callNames()).toEqual(['DynamoDB PutItem', 'DynamoDB PutItem']);
    const { items } = await made.engine.runs.list({ limit: 100, cursor: null });
    expect(items.filter(({ runId }) => runId === dispatch.runs[0]?.runId)).toHaveLength(1);
  });

  test('makes no repeat of a trigger that was stored', async () => {
    failing('DynamoDB TransactWriteItems', 'answer-lost', 1);
    const dispatch = sampleDispatch(made.now, { agents: ['one', 'two'] });
    expect(await engine.runs.dispatch(dispatch)).toEqual({ outcome: 'stored' });
    expect(callNames()).toEqual(['DynamoDB TransactWriteItems', 'DynamoDB TransactWriteItems']);
  });

  test.each(['with a slot', 'without'])('takes no lease and no end from its executor (%s)', async (kind) => {
    const dispatch = sampleDispatch(made.now);
    const runId = dispatch.runs[0]?.runId ?? '';
    await made.engine.runs.dispatch(dispatch);
    const slots = kind === 'with a slot' ? [{ key: newId(made.now), limit: 1 }] : [];
    const lease = sampleLease(made.now, slots);
    failing(kind === 'without' ? 'DynamoDB UpdateItem' : 'DynamoDB TransactWriteItems', 'answer-lost', 1);
    expect(await engine.runs.claim(runId, lease)).toMatchObject({ outcome: 'claimed', run: { attempts: 1 } });
    failing('DynamoDB UpdateItem', 'answer-lost', 1);
    expect(await engine.runs.end(runId, lease.owner, sampleEnd(made.now))).toBe('ended');
    expect(await engine.runs.get(runId)).toMatchObject({ status: 'completed', attempts: 1 });
    const next = sampleDispatch(made.now);
    await made.engine.runs.dispatch(next);
    const nextClaim = await made.engine.runs.claim(next.runs[0]?.runId ?? '', sampleLease(made.now, slots));
    expect(nextClaim).toMatchObject({ outcome: 'claimed' });
  });

  test('leaves a released run in the queue, with a message and out of its places', async () => {
    const dispatch = sampleDispatch(made.now);
    const runId = dispatch.runs[0]?.runId ?? '';
    await made.engine.runs.dispatch(dispatch);
    const slot = { key: newId(made.now), limit: 1 };
    const lease = sampleLease(made.now, [slot]);
    await engine.runs.claim(runId, lease);
    await takeMessages(made.clients, made.resources.runQueueUrl);
    failing('DynamoDB UpdateItem', 'answer-lost', 1);
    expect(await engine.runs.release(runId, lease.owner, made.now, sampleInterruption)).toBe('released');
    expect(await takeMessages(made.clients, made.resources.runQueueUrl)).toEqual([runId]);
    const next = sampleDispatch(made.now);
    await made.engine.runs.dispatch(next);
    const claim = await made.engine.runs.claim(next.runs[0]?.runId ?? '', sampleLease(made.now, [slot]));
    expect(claim).toMatchObject({ outcome: 'claimed' });
  });
});

describe('the inbound path, warm', () => {
  test('makes two calls one after the other: store, send', async () => {
    const connector = sampleConnector(made.now, { agents: ['echo'] });
    await made.engine.connectors.create(connector);
    await receiveEvent(engine, connector, 'first');
    account.clear();
    await receiveEvent(engine, connector, 'second');
    expect(callNames()).toEqual(['DynamoDB PutItem', 'SQS SendMessageBatch']);
  });
});
