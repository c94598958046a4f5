import type { Admin, Consumer } from 'kafkajs';
import { type Backlog, backlogOfStreams, type ListenContext } from '../../core/connectors/listening.ts';
import { groupIdOf, inboundConfigOf } from './inbound-config.ts';
import { kafkaClient } from './kafka-client.ts';
import type { KafkaRecord } from './kafka-record.ts';
import { takeBatch } from './take-batch.ts';

/**
 * One at a time: when partitions move to another member, all stored messages are committed first and none is in
 * between.
 */
const partitionsAtATime = 1;
/** How often offsets of a long batch are committed, in ms. They are also committed after each fetch. */
const commitEveryMs = 1_000;
/** How long a broker holds an empty fetch open, in ms. Leaving the group has to wait for it. */
const longPollMs = 1_000;
/** A killed member loses its partitions to others, or to its successor, after this time without a heartbeat, in ms. */
const sessionTimeoutMs = 10_000;
const heartbeatEveryMs = 2_000;
/** How long a consumer may take to leave its group, in ms. Its broker may be unreachable. */
const leaveWithinMs = 5_000;

/** A membership in a consumer group, until an error ends it. */
export interface Consumption {
  /** Rejects with the error that ended it. */
  readonly broken: Promise<never>;
  backlog(): Promise<Backlog>;
  /** Leaves the group; resolves when no more messages are taken. */
  leave(): Promise<void>;
}

/**
 * Joins the consumer group of a connector and passes on messages of the assigned partitions.
 *
 * @throws KafkaJSError where the cluster cannot be reached or entered, or has no such topic
 */
export async function consume(context: ListenContext<KafkaRecord>): Promise<Consumption> {
  const config = inboundConfigOf(context.connector);
  const groupId = groupIdOf(context.connector);
  const kafka = kafkaClient(config, context.secrets.config['password'], context.allowPrivateTargets);
  const admin = kafka.admin();
  const consumer = kafka.consumer({
    groupId,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: longPollMs,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatEveryMs,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  const leave = () => disconnect(consumer, admin);
  try {
    await admin.connect();
    await fixFirstOffsets(admin, groupId, config.topic, config.auto_offset_reset);
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    const joined = Promise.withResolvers<void>();
    consumer.on('consumer.crash', ({ payload }) => broken.reject(payload.error));
    consumer.on('consumer.group_join', () => joined.resolve());
    await consumer.connect();
    await consumer.subscribe({ topic: config.topic, fromBeginning: true });
    await consumer.run({
      eachBatchAutoResolve: false,
      autoCommitInterval: commitEveryMs,
      partitionsConsumedConcurrently: partitionsAtATime,
      eachBatch: (payload) => takeBatch(payload, context.take),
    });
    await Promise.race([joined.promise, broken.promise]);
    return { broken: broken.promise, leave, backlog: () => backlogOf(admin, groupId, config.topic) };
  } catch (thrown) {
    await leave();
    throw thrown;
  }
}

async function disconnect(consumer: Consumer, admin: Admin): Promise<void> {
  const left = Promise.allSettled([consumer.disconnect(), admin.disconnect()]);
  const { promise: patience, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, leaveWithinMs);
  await Promise.race([left, patience]);
  clearTimeout(timer);
}

/** How far a group has read each partition of a topic. @throws KafkaJSError where the brokers do not answer */
async function backlogOf(admin: Admin, groupId: string, topic: string): Promise<Backlog> {
  const [ends, [committed]] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId, topics: [topic] }),
  ]);
  const next = new Map(committed?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
  const parts = ends
    .map(({ partition, high }) => ({ partition, next: next.get(partition) ?? -1, end: Number(high) }))
    .sort((one, other) => one.partition - other.partition)
    .map(({ partition, next: offset, end }) => ({
      stream: `partition ${partition}`,
      next: offset < 0 ? null : offset,
      end,
    }));
  return backlogOfStreams(parts);
}

/** The broker's answer for a partition without a committed offset. */
const nothingCommitted = '-1';

/**
 * Commits the start offsets of a new group. Its members then always start at the committed offset, or at the oldest
 * message of a new partition, so no message that arrives between two starts is skipped.
 *
 * @throws KafkaJSError where the brokers do not answer, or other members are fixing the offsets at the same time
 */
async function fixFirstOffsets(
  admin: Admin,
  groupId: string,
  topic: string,
  reset: 'latest' | 'earliest',
): Promise<void> {
  const ends = await admin.fetchTopicOffsets(topic);
  if (reset === 'earliest' || (await hasCommitted(admin, groupId, topic))) return;
  const partitions = ends.map(({ partition, high }) => ({ partition, offset: high }));
  try {
    await admin.setOffsets({ groupId, topic, partitions });
  } catch (thrown) {
    // Another member was faster, so the group is no longer empty.
    if (!(await hasCommitted(admin, groupId, topic))) throw thrown;
  }
}

async function hasCommitted(admin: Admin, groupId: string, topic: string): Promise<boolean> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return committed?.partitions.some(({ offset }) => offset !== nothingCommitted) ?? false;
}
