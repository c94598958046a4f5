import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Broker, startBroker } from '../test/kafka/broker.ts';
import type { ProductProcess } from '../test/product-process.ts';
import type { Effort } from './effort.ts';
import { type Finding, median, readable } from './report.ts';
import { body, manage, startBenchProduct } from './servers.ts';

const partitions = 3;
/** Of what a bare client does. */
const leastRatio = 0.5;
/** Deliveries that the product makes at a time for one connector, and so the bare producer too. */
const sendsAtATime = 8;

const created = z.looseObject({ id: z.string() });
const state = z.looseObject({ lag: z.number().nullable() });

/** Messages in, durable, and results out, acknowledged, beside a bare kafkajs consumer and producer on the same broker. */
export async function benchKafka(effort: Effort): Promise<Finding[]> {
  const broker = await startBroker();
  const product = await startBenchProduct();
  try {
    const rates = { bareIn: [], productIn: [], bareOut: [], productOut: [] } as Record<string, number[]>;
    for (let round = 0; round <= effort.rounds; round++) {
      const measured = await measureRound(broker, product, `round-${round}`, effort.kafkaMessages);
      if (round > 0) for (const [name, rate] of Object.entries(measured)) rates[name]?.push(rate);
    }
    return [
      ...comparison('in', rates['bareIn'] ?? [], rates['productIn'] ?? []),
      ...comparison('out (consumed, run, delivered)', rates['bareOut'] ?? [], rates['productOut'] ?? []),
    ];
  } finally {
    await product.remove();
    await broker.remove();
  }
}

async function measureRound(broker: Broker, product: ProductProcess, topic: string, count: number) {
  const results = `${topic}-results`;
  await broker.createTopic(topic, partitions);
  await broker.createTopic(results, partitions);
  await fill(broker, topic, count);
  return {
    bareIn: await bareConsumerRate(broker, topic, count),
    productIn: await productConsumerRate(broker, product, topic, count),
    bareOut: await bareProducerRate(broker, results, count),
    productOut: await productFlowRate(broker, product, topic, count),
  };
}

async function fill(broker: Broker, topic: string, count: number): Promise<void> {
  const producer = broker.client.producer();
  await producer.connect();
  const portion = 5_000;
  for (let sent = 0; sent < count; sent += portion) {
    const size = Math.min(portion, count - sent);
    const messages = Array.from({ length: size }, (_, index) => ({ key: `key-${index % 100}`, value: body }));
    await producer.send({ topic, messages, acks: -1 });
  }
  await producer.disconnect();
}

/** Parses each message and stores nothing. From the first connection to the last message, messages/s. */
async function bareConsumerRate(broker: Broker, topic: string, count: number): Promise<number> {
  const consumer = broker.client.consumer({ groupId: `bare-${topic}` });
  let taken = 0;
  const complete = Promise.withResolvers<void>();
  const startedAt = performance.now();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      JSON.parse(String(message.value));
      if (++taken === count) complete.resolve();
    },
  });
  await complete.promise;
  const seconds = (performance.now() - startedAt) / 1_000;
  await consumer.disconnect();
  return count / seconds;
}

/** From the creation of the connector until no message waits any more: each is stored then. Its runs wait. */
async function productConsumerRate(broker: Broker, product: ProductProcess, topic: string, count: number) {
  const startedAt = performance.now();
  const inbound = await connectTopic(broker, product, 'inbound', topic, 'parked');
  await lagIsGone(product, inbound);
  const seconds = (performance.now() - startedAt) / 1_000;
  await manage(product, 'PATCH', `/connectors/${inbound}`, { enabled: false });
  return count / seconds;
}

async function bareProducerRate(broker: Broker, topic: string, count: number): Promise<number> {
  const producer = broker.client.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  let next = 0;
  const send = async () => {
    while (next++ < count)
      await producer.send({ topic, messages: [{ key: `key-${next % 100}`, value: body }] });
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: sendsAtATime }, send));
  const seconds = (performance.now() - startedAt) / 1_000;
  await producer.disconnect();
  return count / seconds;
}

/** The whole way: each message is stored, run by a tool agent, and its result acknowledged by the broker. */
async function productFlowRate(broker: Broker, product: ProductProcess, topic: string, count: number) {
  const results = `${topic}-flow`;
  await broker.createTopic(results, partitions);
  const outbound = await connectTopic(broker, product, 'outbound', results, 'noop');
  const startedAt = performance.now();
  const inbound = await connectTopic(broker, product, 'inbound', topic, 'noop');
  const admin = broker.client.admin();
  await admin.connect();
  const written = async () =>
    (await admin.fetchTopicOffsets(results)).reduce((sum, { high }) => sum + Number(high), 0);
  while ((await written()) < count) await sleep(20);
  const seconds = (performance.now() - startedAt) / 1_000;
  await admin.disconnect();
  for (const id of [inbound, outbound])
    await manage(product, 'PATCH', `/connectors/${id}`, { enabled: false });
  return count / seconds;
}

async function connectTopic(
  broker: Broker,
  product: ProductProcess,
  mode: 'inbound' | 'outbound',
  topic: string,
  agent: string,
): Promise<string> {
  const connection = { bootstrap_servers: broker.servers.PLAINTEXT, topic };
  const config = mode === 'inbound' ? { ...connection, auto_offset_reset: 'earliest' } : connection;
  const draft = { name: `${mode} ${topic}`, type: 'kafka', mode, agents: [agent], config };
  return created.parse(await manage(product, 'POST', '/connectors', draft)).id;
}

async function lagIsGone(product: ProductProcess, connectorId: string): Promise<void> {
  while (state.parse(await manage(product, 'GET', `/connectors/${connectorId}/state`)).lag !== 0) {
    await sleep(20);
  }
}

function comparison(what: string, bare: readonly number[], product: readonly number[]): Finding[] {
  const ratio = median(product) / median(bare);
  const budget = { text: `at least ${leastRatio}`, kept: ratio >= leastRatio };
  return [
    { what: `bare kafkajs, messages ${what}`, measured: `${readable(median(bare))} messages/s` },
    { what: `product, messages ${what}`, measured: `${readable(median(product))} messages/s` },
    { what: `ratio ${what}`, measured: readable(ratio), budget },
  ];
}
