import type { Kafka } from 'kafkajs';
import * as z from 'zod';
import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { clusterFields, connectionFields, connectionOf, topicName } from './connection-config.ts';
import { kafkaClient } from './kafka-client.ts';
import { kafkaError } from './kafka-error.ts';
import { timeoutOrAbort } from './timeout-or-abort.ts';

/** Short enough for the waiting operator and the gateway. */
const patienceMs = 10_000;

const probedConfig = z.object({ ...connectionFields, ...clusterFields, topic: topicName });

/**
 * Connects like a connector with this configuration and looks up its topic. It reads and writes no messages, joins no
 * group, and creates no topic.
 *
 * @param withinMs total time limit for the brokers
 * @throws ZodError where the configuration is not valid
 */
export async function probe(
  config: JsonObject,
  { secrets, signal, allowPrivateTargets }: ProbeContext,
  withinMs = patienceMs,
): Promise<Probed> {
  const { topic, ...connection } = probedConfig.parse(config);
  const kafka = kafkaClient(connectionOf(connection), secrets['password'], allowPrivateTargets);
  const counting = countPartitions(kafka, topic);
  const limit = timeoutOrAbort(withinMs, signal);
  try {
    const partitions = await Promise.race([counting, limit.ended]);
    if (typeof partitions !== 'number') return { outcome: 'failed', error: lateError(withinMs) };
    const detail = `The topic "${topic}" exists, with ${partitions} ${partitions === 1 ? 'partition' : 'partitions'}.`;
    return { outcome: 'reached', detail };
  } catch (thrown) {
    return { outcome: 'failed', error: kafkaError(thrown, Object.values(secrets)) };
  } finally {
    limit.release();
  }
}

/** Continues after the caller has given up, to close the connection. */
async function countPartitions(kafka: Kafka, topic: string): Promise<number> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions.length ?? 0;
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

function lateError(withinMs: number): string {
  return `The brokers did not respond within ${withinMs / 1_000} seconds.`;
}
