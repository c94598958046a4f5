import type { Admin, Kafka } from 'kafkajs';
import * as z from 'zod';
import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { connectionOf, topicName } from './connection-config.ts';
import { kafkaClient } from './kafka-client.ts';
import { kafkaError } from './kafka-error.ts';
import { timeoutOrAbort } from './timeout-or-abort.ts';

/** Short enough for the waiting operator and the gateway. */
const patienceMs = 10_000;

const probedConfig = z.object({ topic: topicName });

/**
 * Connects like a connector with this configuration and looks up its topic. It reads and writes no messages, joins no
 * group, and creates no topic.
 *
 * @param withinMs total time limit for the brokers
 * @throws ZodError where the configuration is not valid
 */
export function probe(config: JsonObject, context: ProbeContext, withinMs = patienceMs): Promise<Probed> {
  const { topic } = probedConfig.parse(config);
  return tryOut(config, context, withinMs, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions.length ?? 0;
    return `The topic "${topic}" exists, with ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}.`;
  });
}

/** Connects to the cluster of a connection. @throws ZodError where the configuration is not valid */
export function probeCluster(config: JsonObject, context: ProbeContext): Promise<Probed> {
  return tryOut(config, context, patienceMs, async (admin) => {
    const { brokers } = await admin.describeCluster();
    return `The cluster accepts the connection, and has ${brokers.length} ${brokers.length === 1 ? 'broker' : 'brokers'}.`;
  });
}

/** @param look returns one sentence about what it found */
async function tryOut(
  config: JsonObject,
  { secrets, signal, allowPrivateTargets }: ProbeContext,
  withinMs: number,
  look: (admin: Admin) => Promise<string>,
): Promise<Probed> {
  const kafka = kafkaClient(connectionOf(config), secrets['password'], allowPrivateTargets);
  const looking = lookWith(kafka, look);
  const limit = timeoutOrAbort(withinMs, signal);
  try {
    const found = await Promise.race([looking.then((detail) => ({ detail })), limit.ended]);
    if (typeof found === 'string') return { outcome: 'failed', error: lateError(withinMs) };
    return { outcome: 'reached', ...found };
  } catch (thrown) {
    return { outcome: 'failed', error: kafkaError(thrown, Object.values(secrets)) };
  } finally {
    limit.release();
  }
}

/** Continues after the caller has given up, to close the connection. */
async function lookWith(kafka: Kafka, look: (admin: Admin) => Promise<string>): Promise<string> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await look(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function lateError(withinMs: number): string {
  return `The brokers did not respond within ${withinMs / 1_000} seconds.`;
}
