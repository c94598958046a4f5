import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import { toolAgent } from '../../../test/embedded/test-project.ts';
import { kafka } from '../../connectors/kafka/index.ts';
import type { KafkaRecord } from '../../connectors/kafka/kafka-record.ts';
import { sampleRecord } from '../../connectors/kafka/samples.ts';
import { changeConnector } from '../connectors/change-connector.ts';
import type { AnyConnectorType, ConnectorTypes } from '../connectors/connector-type.ts';
import { createConnector } from '../connectors/create-connector.ts';
import { deleteConnector } from '../connectors/delete-connector.ts';
import { retryDeadLetter } from '../deliveries/retry-dead-letter.ts';
import { RetryableError } from '../errors.ts';
import type { QueuedDispatch } from '../ports/run-store.ts';
import { takeEvents } from './take-events.ts';

/** A type that fails on demand, until its code is fixed. */
let tripsOver = '';
const clumsy: AnyConnectorType = {
  ...kafka,
  async receive(record: KafkaRecord, context) {
    if (record.offset === tripsOver) throw new TypeError('undefined is not a function');
    const received = await kafka.receive?.(record, context);
    if (received === undefined) throw new Error('kafka receives');
    return received;
  },
};
const types: ConnectorTypes = new Map([['kafka', clumsy]]);

const config = { bootstrap_servers: 'localhost:9092', topic: 'orders' };
const record = (offset: number, value: string | null = `${offset}`): KafkaRecord => ({
  ...sampleRecord({ value }),
  offset: String(offset),
});
const poison = (offset: number): KafkaRecord => ({ ...record(offset), value: Uint8Array.of(0xff) });

let still: StillEngine;
let connectorId: string;

beforeEach(async () => {
  tripsOver = '';
  const inputSchema = { type: 'object', properties: { message: { maximum: 9 } } };
  still = await openStillEngine(
    { clerk: 'async () => "done"', poet: 'async () => "done"' },
    { types, agents: [toolAgent('clerk'), toolAgent('poet', { inputSchema })] },
  );
  const draft = {
    name: 'orders',
    type: 'kafka',
    mode: 'inbound',
    config,
    agents: ['clerk', 'poet'],
  } as const;
  const created = await createConnector(still.engine, 'test', draft);
  connectorId = created.outcome === 'created' ? created.connector.id : '';
});
afterEach(() => still.close());

const take = (...records: KafkaRecord[]) => takeEvents(still.engine, connectorId, records);
const runs = async () => (await still.engine.runs.list({ connectorId, limit: 100, cursor: null })).items;
const letters = async () => (await still.engine.deadLetters.list({ limit: 100, cursor: null })).items;

describe('taking events', () => {
  test('makes a run of each for each agent, in the order of the events', async () => {
    await take(record(1), record(2), record(3));
    const payloads = await Promise.all((await runs()).map(({ runId }) => still.engine.runs.get(runId)));
    const messages = payloads.map((run) => Object(run?.payload.value)['message']);
    expect(messages).toEqual([3, 3, 2, 2, 1, 1]);
  });

  test('that came before makes no second run', async () => {
    await take(record(1), record(2));
    await take(record(2), record(2), record(3));
    expect(await runs()).toHaveLength(6);
  });

  test('of the same place but another time makes new runs: the topic was created again', async () => {
    await take(record(1));
    await take({ ...record(1), timestampMs: 1_705_312_800_001 });
    expect(await runs()).toHaveLength(4);
  });

  test('keeps what cannot be read as one dead letter, however often it comes, and takes the others', async () => {
    await take(record(1), poison(2), record(3));
    await take(record(1), poison(2), record(3));
    expect(await runs()).toHaveLength(4);
    expect(await letters()).toEqual([
      expect.objectContaining({
        source: 'receive-event',
        connectorId,
        reason: expect.stringMatching(/message 2 .* not UTF-8/),
        body: { type: 'kafka', event: expect.objectContaining({ offset: '2', value: '/w==' }) },
      }),
    ]);
  });

  test('keeps each event that its code trips over as a dead letter, wherever it stands, and takes the others', async () => {
    tripsOver = '3';
    const offsets = [1, 2, 3, 4, 5, 6, 7];
    await take(...offsets.map((offset) => record(offset)));
    expect(await runs()).toHaveLength(12);
    expect((await letters()).map((letter) => letter.reason)).toEqual([
      'The event failed: undefined is not a function',
    ]);
  });

  test('keeps what does not fit an agent as a dead letter that names it, starts no other agent, and takes the others', async () => {
    await take(record(1), record(10), record(2));
    expect(await runs()).toHaveLength(4);
    expect((await letters()).map((letter) => letter.reason)).toEqual([
      'The payload does not fit the input schema of the agent "poet": "message" must be <= 9.',
    ]);
  });

  test('keeps an event that the store cannot take as a dead letter, and announces the runs of all others', async () => {
    const { engine } = still;
    const announced: string[] = [];
    const takesNoTwos = {
      ...engine,
      runs: {
        ...engine.runs,
        async dispatchAll(dispatches: readonly QueuedDispatch[]) {
          const isTwo = ({ trigger }: QueuedDispatch) => Object(trigger.payload.value)['message'] === 2;
          const taken = await engine.runs.dispatchAll(dispatches.filter((each) => !isTwo(each)));
          const outcomes = taken.values();
          const failed = { outcome: 'failed', thrown: new TypeError('no twos') } as const;
          return dispatches.map((each) => (isTwo(each) ? failed : (outcomes.next().value ?? failed)));
        },
      },
      signals: {
        ...engine.signals,
        async announceQueued(queued: readonly { readonly runId: string }[]) {
          announced.push(...queued.map(({ runId }) => runId));
        },
      },
    };
    await takeEvents(
      takesNoTwos,
      connectorId,
      [1, 2, 3].map((offset) => record(offset)),
    );
    const stored = (await runs()).map(({ runId }) => runId);
    expect(stored).toHaveLength(4);
    expect(announced.sort()).toEqual(stored.sort());
    expect((await letters()).map(({ reason }) => reason)).toEqual(['The event failed: no twos']);
  });

  test.each([
    ['the connector is disabled', { enabled: false }],
    ['it has no agents', { agents: [] }],
  ])('takes nothing while %s, and loses nothing', async (_title, change) => {
    await changeConnector(still.engine, 'test', connectorId, change);
    await expect(take(record(1), poison(2))).rejects.toThrow(RetryableError);
    expect(await letters()).toEqual([]);
    await changeConnector(still.engine, 'test', connectorId, { enabled: true, agents: ['clerk'] });
    await take(record(1), poison(2));
    expect(await runs()).toHaveLength(1);
    expect(await letters()).toHaveLength(1);
  });
});

describe('an event in the dead letters', () => {
  test('makes its runs once what was broken is mended, and is gone then', async () => {
    tripsOver = '1';
    await take(record(1), record(2));
    const [letter] = await letters();
    expect(letter?.reason).toMatch(/undefined is not a function/);
    await expect(retryDeadLetter(still.engine, 'test', letter?.deadLetterId ?? '')).rejects.toMatchObject({
      code: 'not-retryable',
    });
    expect(await letters()).toEqual([letter]);
    tripsOver = '';
    expect(await retryDeadLetter(still.engine, 'test', letter?.deadLetterId ?? '')).toEqual({
      outcome: 'retried',
    });
    expect(await letters()).toEqual([]);
    expect(await runs()).toHaveLength(4);
    await take(record(1));
    expect(await runs()).toHaveLength(4);
  });

  test('stays where its connector is gone', async () => {
    await take(poison(1));
    const [letter] = await letters();
    await deleteConnector(still.engine, 'test', connectorId);
    await expect(retryDeadLetter(still.engine, 'test', letter?.deadLetterId ?? '')).rejects.toMatchObject({
      code: 'not-retryable',
    });
    expect(await letters()).toEqual([letter]);
  });

  test('that does not exist is refused', async () => {
    expect(await retryDeadLetter(still.engine, 'test', 'none')).toMatchObject({
      reason: 'dead-letter-not-found',
    });
  });
});
