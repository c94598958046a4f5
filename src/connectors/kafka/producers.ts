import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import type { ConnectionConfig } from './connection-config.ts';
import { kafkaClient } from './kafka-client.ts';
import type { KafkaMessage } from './prepare.ts';
import { ProducerQueue } from './producer-queue.ts';

/** One queue for each distinct connection and login. */
const queues = new Map<string, ProducerQueue>();

/** The queue for a message; connectors with the same connection share it. */
export function producerFor({ connection, password }: KafkaMessage, allowed: PrivateTargets): ProducerQueue {
  const identity = JSON.stringify([connection, password, allowed]);
  const known = queues.get(identity);
  if (known !== undefined) return known;
  const queue = new ProducerQueue(() => makeProducer(connection, password, allowed));
  queues.set(identity, queue);
  return queue;
}

/** Idempotent: a request repeated after a lost answer writes its records once. */
function makeProducer(connection: ConnectionConfig, password: string | undefined, allowed: PrivateTargets) {
  return kafkaClient(connection, password, allowed).producer({
    allowAutoTopicCreation: false,
    idempotent: true,
    maxInFlightRequests: 1,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
}

/** Disconnects every producer. The next message reconnects. */
export async function closeProducers(): Promise<void> {
  const open = [...queues.values()];
  queues.clear();
  await Promise.all(open.map((queue) => queue.close()));
}
