import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Broker, startBroker } from '../test/kafka/broker.ts';
import type { ProductProcess } from '../test/product-process.ts';
import type { Effort } from './effort.ts';
import { type Finding, median, readable } from './report.ts';
import { body, manage, startBenchProduct } from './servers.ts';
import { storeEndedRuns } from './store-runs.ts';

const partitions = 3;
/** Relative to a bare client. */
const leastRatio = 0.5;
/** Concurrent deliveries of the product per connector, and therefore of the bare producer. */
const sendsAtATime = 8;

const created = z.looseObject({ id: z.string() });
const deliveries = z.looseObject({ items: z.array(z.unknown()) });

/**
 * Durable consumption and acknowledged production, compared with a bare kafkajs consumer and producer on the same
 * broker; and the whole way from a message to the message with its result.
 */
export async function benchKafka(effort: Effort): Promise<Finding[]> {
  const broker = await startBroker();
  const product = await startBenchProduct();
  try {
    const rates: Record<keyof Round, number[]> = {
      bareIn: [],
      productIn: [],
      bareOut: [],
      productOut: [],
      through: [],
    };
    for (let round = 0; round <= effort.rounds; round++) {
      const measured = await measureRound(broker, product, `round-${round}`, effort.kafkaMessages);
      if (round > 0)
        for (const name of Object.keys(rates) as (keyof Round)[]) rates[name].push(measured[name]);
    }
    return [
      ...comparison('in', rates.bareIn, rates.productIn),
      ...comparison('out', rates.bareOut, rates.productOut),
      {
        what: 'product, consumed, run by a tool agent, and its result delivered',
        measured: `${readable(median(rates.through))} messages/s`,
      },
    ];
  } finally {
    await product.remove();
    await broker.remove();
  }
}

/** Messages/s. */
interface Round {
  readonly bareIn: number;
  readonly productIn: number;
  readonly bareOut: number;
  readonly productOut: number;
  readonly through: number;
}

async function measureRound(
  broker: Broker,
  product: ProductProcess,
  topic: string,
  count: number,
): Promise<Round> {
  const results = `${topic}-results`;
  await broker.createTopic(topic, partitions);
  await broker.createTopic(results, partitions);
  await fill(broker, topic, count);
  return {
    bareIn: await bareConsumerRate(broker, topic, count),
    productIn: await productConsumerRate(broker, product, topic, count),
    bareOut: await bareProducerRate(broker, results, count),
    productOut: await productProducerRate(broker, product, `${topic}-out`, count),
    through: await throughRate(broker, product, topic, count),
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

/** Parses each message and stores nothing. Messages/s from the first connection to the last message. */
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

/**
 * Messages/s from the connector's creation until its group has committed every message, which is then stored. The runs
 * stay queued.
 */
async function productConsumerRate(broker: Broker, product: ProductProcess, topic: string, count: number) {
  const startedAt = performance.now();
  const inbound = await connectTopic(broker, product, 'inbound', topic, 'parked');
  await committed(broker, inbound, topic, count);
  const seconds = (performance.now() - startedAt) / 1_000;
  await manage(product, 'PATCH', `/connectors/${inbound}`, { enabled: false });
  return count / seconds;
}

/** As many concurrent sends as the product makes, measured from the first acknowledgement. */
async function bareProducerRate(broker: Broker, topic: string, count: number): Promise<number> {
  const producer = broker.client.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  let next = 0;
  const sendOne = () => producer.send({ topic, messages: [{ key: `key-${next % 100}`, value: body }] });
  const send = async () => {
    while (next++ < count) await sendOne();
  };
  await sendOne();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: sendsAtATime }, send));
  const seconds = (performance.now() - startedAt) / 1_000;
  await producer.disconnect();
  return count / seconds;
}

/** Runs that have ended before the product starts: each result is planned, sent, acknowledged, and recorded. */
async function productProducerRate(broker: Broker, product: ProductProcess, topic: string, count: number) {
  await broker.createTopic(topic, partitions);
  const outbound = await connectTopic(broker, product, 'outbound', topic, 'parked');
  await product.stop('SIGTERM');
  await storeEndedRuns(product.dataDir, outbound, count);
  await product.start();
  const rate = await rateOfArrivals(broker, topic, count, () => noneIsPending(product, outbound));
  await manage(product, 'PATCH', `/connectors/${outbound}`, { enabled: false });
  return rate;
}

/** The whole way: each message is stored, a tool agent runs, and the broker acknowledges the result. */
async function throughRate(broker: Broker, product: ProductProcess, topic: string, count: number) {
  const results = `${topic}-through`;
  await broker.createTopic(results, partitions);
  const outbound = await connectTopic(broker, product, 'outbound', results, 'noop');
  const inbound = await connectTopic(broker, product, 'inbound', topic, 'noop');
  const rate = await rateOfArrivals(broker, results, count);
  for (const id of [inbound, outbound])
    await manage(product, 'PATCH', `/connectors/${id}`, { enabled: false });
  return rate;
}

/** Messages/s arriving in a topic, from the first ones until `count` have arrived and `isDone`. */
async function rateOfArrivals(
  broker: Broker,
  topic: string,
  count: number,
  isDone: () => Promise<boolean> = async () => true,
): Promise<number> {
  const admin = broker.client.admin();
  await admin.connect();
  const look = async () => {
    const offsets = await admin.fetchTopicOffsets(topic);
    return { arrived: offsets.reduce((sum, { high }) => sum + Number(high), 0), at: performance.now() };
  };
  let first = await look();
  let last = first;
  while (last.arrived < count || !(await isDone())) {
    await sleep(20);
    last = await look();
    if (first.arrived === 0) first = last;
  }
  const seconds = (performance.now() - first.at) / 1_000;
  await admin.disconnect();
  return (last.arrived - first.arrived) / seconds;
}

/** Whether no delivery of a connector is pending, so that each is recorded. */
async function noneIsPending(product: ProductProcess, connectorId: string): Promise<boolean> {
  const page = await manage(product, 'GET', `/deliveries?connector=${connectorId}&status=pending&limit=1`);
  return deliveries.parse(page).items.length === 0;
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

async function committed(broker: Broker, connectorId: string, topic: string, count: number): Promise<void> {
  const admin = broker.client.admin();
  await admin.connect();
  const groupId = `agent-connectors-${connectorId}`;
  const taken = async () => {
    const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
    // Partitions without a committed offset have -1.
    return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  };
  while ((await taken()) < count) await sleep(20);
  await admin.disconnect();
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
