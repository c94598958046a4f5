import type { Admin, Consumer } from 'kafkajs';
import type { Backlog, ListenContext } from '../../core/connectors/listening.ts';
import { backlogOf } from './backlog.ts';
import { fixFirstOffsets } from './first-offsets.ts';
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
