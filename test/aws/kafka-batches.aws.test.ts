import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadConnectorTypes } from '../../src/connectors/index.ts';
import { changeConnector } from '../../src/core/connectors/change-connector.ts';
import type { Connector } from '../../src/core/connectors/connector.ts';
import { createConnector } from '../../src/core/connectors/create-connector.ts';
import { retryDeadLetter } from '../../src/core/deliveries/retry-dead-letter.ts';
import { deployedTypes } from '../../src/engines/aws/on-aws.ts';
import { type BundledFunction, startBundledFunction } from './bundled-function.ts';
import { type TestEngine, testEngine } from './test-engine.ts';

const connectorTypes = await loadConnectorTypes();

/*
 * The function of Kafka's event sources, bundled as it is deployed, on an emulated account. The samples are those of
 * AWS's own libraries, unchanged: powertools-lambda-python (tests/events) and aws-lambda-rust-runtime (fixtures).
 */

let made: TestEngine;
let handler: BundledFunction;

beforeAll(async () => {
  made = await testEngine({ types: deployedTypes(connectorTypes, () => ['mapping']) });
  made.now = Date.now();
  handler = await startBundledFunction('kafka', made.resources, process.env['AWS_ENDPOINT_URL'] ?? '', {
    CONNECTOR_CACHE_SECONDS: '0',
  });
});
afterAll(() => handler.stop());

async function connect(agents: readonly string[] = ['echo']): Promise<Connector> {
  const config = { bootstrap_servers: 'b-1.example.com:9092', topic: 'mytopic' };
  const draft = { name: 'orders', type: 'kafka', mode: 'inbound', config, agents } as const;
  const created = await createConnector(made.engine, 'test', { ...draft, name: crypto.randomUUID() });
  if (created.outcome !== 'created') throw new Error(created.detail);
  return created.connector;
}

async function sample(name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(import.meta.dirname, 'samples', `${name}.json`), 'utf8'));
}

async function payloadsOf(connector: Connector): Promise<unknown[]> {
  const { items } = await made.engine.runs.list({ connectorId: connector.id, limit: 100, cursor: null });
  const runs = await Promise.all(items.map(({ runId }) => made.engine.runs.get(runId)));
  return runs.map((run) => run?.payload.value);
}

/** Messages in the form of an event source: texts by offset, `null` for a tombstone. */
function batch(partition: number, values: Readonly<Record<number, string | Uint8Array | null>>) {
  const records = Object.entries(values).map(([offset, value]) => ({
    topic: 'mytopic',
    partition,
    offset: Number(offset),
    timestamp: 1_705_312_800_000,
    timestampType: 'CREATE_TIME',
    ...(value === null ? {} : { value: Buffer.from(value).toString('base64') }),
    headers: [],
  }));
  return { [`mytopic-${partition}`]: records };
}

const msk = (...batches: readonly Record<string, unknown>[]) => ({
  eventSource: 'aws:kafka',
  records: Object.assign({}, ...batches),
});

const nothingFailed = { batchItemFailures: [] };

describe('a batch of an event source', () => {
  test.each([
    ['powertools-kafka-msk', 'MSK'],
    ['powertools-kafka-self-managed', 'brokers of your own'],
  ])('%s: the sample of %s makes one run of each offset', async (name) => {
    const connector = await connect();
    expect(await handler.invoke(await sample(name), connector.id)).toEqual(nothingFailed);
    const [payload, ...others] = await payloadsOf(connector);
    expect(others).toEqual([]);
    expect(payload).toMatchObject({
      key: 'value',
      _kafka: { topic: 'mytopic', partition: 0, offset: 15, timestamp: 1_545_084_650_987 },
    });
  });

  test('lambda-events-kafka: text that is not JSON stays text, with its key', async () => {
    const connector = await connect();
    expect(await handler.invoke(await sample('lambda-events-kafka'), connector.id)).toEqual(nothingFailed);
    const id = '8d5596b4-1813-4238-b24b-6dad8e3d1c0c';
    const metadata = {
      topic: 'AWSKafkaTopic',
      partition: 0,
      offset: 0,
      timestamp: 1_595_035_749_700,
      key: id,
    };
    expect(await payloadsOf(connector)).toEqual([{ message: id, _kafka: metadata }]);
  });

  test('that comes again makes no second run', async () => {
    const connector = await connect();
    const event = msk(batch(0, { 1: '{"a":1}', 2: null }), batch(1, { 1: '"text"' }));
    expect(await handler.invoke(event, connector.id)).toEqual(nothingFailed);
    expect(await handler.invoke(event, connector.id)).toEqual(nothingFailed);
    const payloads = await payloadsOf(connector);
    expect(payloads).toHaveLength(3);
    expect(payloads).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ a: 1 }),
        expect.objectContaining({ message: null }),
        expect.objectContaining({ message: 'text' }),
      ]),
    );
  });

  test('is of the connector by whose alias it comes: two read one topic, each for itself', async () => {
    const [one, other] = [await connect(), await connect()];
    await handler.invoke(msk(batch(0, { 1: '{"for":"one"}' })), one.id);
    expect(await payloadsOf(one)).toHaveLength(1);
    expect(await payloadsOf(other)).toEqual([]);
  });

  test('with a message that cannot be read goes on: it is kept with its coordinates, and can be tried again', async () => {
    const connector = await connect();
    const event = msk(batch(3, { 7: '{"n":7}', 8: new Uint8Array([0xff, 0xfe]), 9: '{"n":9}' }));
    expect(await handler.invoke(event, connector.id)).toEqual(nothingFailed);
    expect(await payloadsOf(connector)).toHaveLength(2);
    const { items } = await made.engine.deadLetters.list({ limit: 10, cursor: null });
    const [letter, ...others] = items.filter(({ connectorId }) => connectorId === connector.id);
    expect(others).toEqual([]);
    expect(letter).toMatchObject({
      source: 'receive-event',
      reason: expect.stringMatching(/^Cannot read message 8 of partition 3 of "mytopic"\./),
      body: { event: { topic: 'mytopic', partition: 3, offset: '8' } },
    });
    await expect(retryDeadLetter(made.engine, 'test', letter?.deadLetterId ?? '')).rejects.toThrow(
      /refused again/,
    );
  });

  test('that nobody can take now comes again from its first message, partition by partition', async () => {
    const connector = await connect();
    await changeConnector(made.engine, 'test', connector.id, { enabled: false });
    const event = msk(batch(0, { 4: '{}', 5: '{}' }), batch(1, { 9: '{}' }));
    expect(await handler.invoke(event, connector.id)).toEqual({
      batchItemFailures: [
        { itemIdentifier: { partition: 'mytopic-0', offset: 4 } },
        { itemIdentifier: { partition: 'mytopic-1', offset: 9 } },
      ],
    });
    expect(await payloadsOf(connector)).toEqual([]);
    await changeConnector(made.engine, 'test', connector.id, { enabled: true });
    expect(await handler.invoke(event, connector.id)).toEqual(nothingFailed);
    expect(await payloadsOf(connector)).toHaveLength(3);
  });
});
