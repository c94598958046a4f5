import { CreateClusterCommand, KafkaClient } from '@aws-sdk/client-kafka';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EachBatchPayload } from 'kafkajs';
import * as z from 'zod';
import { loadConnectorTypes } from '../../src/connectors/index.ts';
import { ProducerQueue } from '../../src/connectors/kafka/producer-queue.ts';
import type { Connector, Mode } from '../../src/core/connectors/connector.ts';
import { createConnector } from '../../src/core/connectors/create-connector.ts';
import { deliver } from '../../src/core/deliveries/deliver.ts';
import { planDeliveries } from '../../src/core/deliveries/plan-deliveries.ts';
import type { JsonObject } from '../../src/core/json/json-value.ts';
import { executeRun } from '../../src/core/runs/execute-run.ts';
import { deployedTypes } from '../../src/engines/aws/on-aws.ts';
import { type BundledFunction, startBundledFunction } from '../aws/bundled-function.ts';
import { type Ministack, startMinistack } from '../aws/ministack.ts';
import { type TestEngine, testEngine } from '../aws/test-engine.ts';
import { pythonTool } from '../python-tool.ts';
import { eventually } from '../scenarios/eventually.ts';
import { type Broker, startBroker } from './broker.ts';
import { readTopic } from './read-topic.ts';

const connectorTypes = await loadConnectorTypes();

/*
 * The AWS engine between two topics of a real broker: what Lambda's event source would do is done here (it polls, forms
 * the event, calls the bundled function, and goes back to what was not taken); the account is an emulated one, whose
 * MSK names the real broker.
 */

let broker: Broker;
let account: Ministack;
let made: TestEngine;
let handler: BundledFunction;

beforeAll(async () => {
  broker = await startBroker();
  await loadGroups();
  account = await startMinistack(pythonTool('ministack'), {
    MINISTACK_MSK_BOOTSTRAP: broker.servers.PLAINTEXT,
  });
  Object.assign(process.env, account.environment);
  made = await testEngine({ types: deployedTypes(connectorTypes, () => ['mapping']) });
  made.now = Date.now();
  handler = await startBundledFunction('kafka', made.resources, account.endpoint, {
    CONNECTOR_CACHE_SECONDS: '0',
  });
});

afterAll(async () => {
  await connectorTypes.get('kafka')?.close?.();
  await handler.stop();
  await account.stop();
  await broker.remove();
});

async function connect(mode: Mode, config: JsonObject): Promise<Connector> {
  const draft = { name: crypto.randomUUID(), type: 'kafka', mode, config, agents: ['echo'] };
  const created = await createConnector(made.engine, 'test', draft);
  if (created.outcome !== 'created') throw new Error(created.detail);
  return created.connector;
}

async function newCluster(): Promise<string> {
  const client = new KafkaClient({});
  const brokers = { ClientSubnets: ['subnet-1'], InstanceType: 'kafka.t3.small' };
  const cluster = {
    ClusterName: 'orders',
    KafkaVersion: '3.9.0',
    NumberOfBrokerNodes: 1,
    BrokerNodeGroupInfo: brokers,
  };
  return (await client.send(new CreateClusterCommand(cluster))).ClusterArn ?? '';
}

const failures = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.object({ offset: z.number() }) })),
});

/** What Lambda hands over of a batch. */
function eventOf({ batch: { topic, partition, messages } }: EachBatchPayload): unknown {
  const records = messages.map(({ offset, timestamp, key, value }) => ({
    topic,
    partition,
    offset: Number(offset),
    timestamp: Number(timestamp),
    timestampType: 'CREATE_TIME',
    ...(key === null ? {} : { key: key.toString('base64') }),
    ...(value === null ? {} : { value: value.toString('base64') }),
    headers: [],
  }));
  return { eventSource: 'aws:kafka', records: { [`${topic}-${partition}`]: records } };
}

/** A broker that has just started loads its groups first, and refuses members meanwhile. */
async function loadGroups(): Promise<void> {
  const consumer = broker.client.consumer({ groupId: 'first' });
  await broker.createTopic('first', 1);
  await consumer.connect();
  await consumer.subscribe({ topic: 'first' });
  const join = () =>
    consumer.run({ eachMessage: async () => {} }).then(
      () => true,
      () => false,
    );
  await eventually('a group that takes members', join);
  await consumer.disconnect();
}

/** Whether nothing of a batch has to come again. */
async function isTaken(event: unknown, connectorId: string): Promise<boolean> {
  const { batchItemFailures } = failures.parse(await handler.invoke(event, connectorId));
  return batchItemFailures.length === 0;
}

/** Polls a topic until `count` messages are taken; what was not taken is handed over again. */
async function poll(connector: Connector, topic: string, count: number): Promise<void> {
  const consumer = broker.client.consumer({ groupId: `lambda-${connector.id}`, maxWaitTimeInMs: 200 });
  const complete = Promise.withResolvers<void>();
  let taken = 0;
  consumer.on('consumer.crash', ({ payload }) => complete.reject(payload.error));
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachBatch: async (payload) => {
      // Once more after it was taken: as where an answer was lost.
      for (let answered = 0; answered < 2; ) if (await isTaken(eventOf(payload), connector.id)) answered++;
      taken += payload.batch.messages.length;
      if (taken === count) complete.resolve();
    },
  });
  await complete.promise.finally(() => consumer.disconnect());
}

async function runIdsOf({ id: connectorId }: Connector): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await made.engine.runs.list({ connectorId, limit: 100, cursor });
    ids.push(...page.items.map(({ runId }) => runId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return ids;
}

describe('the AWS engine between two topics', () => {
  test('takes every message once, however often it comes', async () => {
    await broker.createTopic('orders', 3);
    const messages = Array.from({ length: 60 }, (_, n) => ({ key: `k-${n % 7}`, value: `{"n":${n}}` }));
    const producer = broker.client.producer();
    await producer.connect();
    await producer.send({ topic: 'orders', messages, acks: -1 });
    await producer.disconnect();
    const connector = await connect('inbound', {
      bootstrap_servers: broker.servers.PLAINTEXT,
      topic: 'orders',
    });
    await poll(connector, 'orders', messages.length);
    const numbers: number[] = [];
    for (const runId of await runIdsOf(connector)) {
      const run = await made.engine.runs.get(runId);
      numbers.push(z.looseObject({ n: z.number() }).parse(run?.payload.value).n);
    }
    expect(numbers.sort((one, other) => one - other)).toEqual(messages.map((_, n) => n));
  });

  test('connects again after a rest, as of a function that was frozen', async () => {
    await broker.createTopic('rests', 1);
    let now = 0;
    let connections = 0;
    const queue = new ProducerQueue(
      () => {
        connections++;
        return broker.client.producer();
      },
      () => now,
    );
    const connection = {
      bootstrap_servers: broker.servers.PLAINTEXT,
      security_protocol: 'PLAINTEXT',
    } as const;
    const message = { connection, password: undefined, topic: 'rests', value: '{}', headers: {} };
    for (const restedMs of [0, 60_000, 600_000]) {
      now += restedMs;
      await queue.write({ ...message, key: Buffer.from('k') });
    }
    await queue.close();
    expect(connections).toBe(2);
    expect(await readTopic(broker, 'rests', 3)).toHaveLength(3);
  });

  test("writes results to a cluster that is named by its ARN, under the inbound message's key", async () => {
    await broker.createTopic('single', 1);
    await broker.createTopic('results', 1);
    const producer = broker.client.producer();
    await producer.connect();
    await producer.send({ topic: 'single', messages: [{ key: 'order-1', value: '{"n":1}' }], acks: -1 });
    await producer.disconnect();
    const inbound = await connect('inbound', {
      bootstrap_servers: broker.servers.PLAINTEXT,
      topic: 'single',
    });
    const clusterArn = await newCluster();
    const outbound = await connect('outbound', {
      cluster_arn: clusterArn,
      topic: 'results',
      from_connectors: [inbound.id],
    });
    await poll(inbound, 'single', 1);
    const [runId = ''] = await runIdsOf(inbound);
    // The function has the time of day.
    made.now = Date.now();
    await executeRun(made.engine, runId);
    await planDeliveries(made.engine, runId);
    const [delivery] = await made.engine.deliveries.ofRun(runId);
    expect(delivery?.connectorId).toBe(outbound.id);
    const delivered = await deliver(made.engine, delivery?.deliveryId ?? '', AbortSignal.timeout(120_000));
    expect(delivered).toEqual({ outcome: 'delivered' });
    const [record] = await readTopic(broker, 'results', 1);
    expect(record?.key?.toString()).toBe('order-1');
    expect(JSON.parse(record?.value ?? '')).toMatchObject({ run_id: runId, status: 'completed' });
  });
});
