import { messageOf } from '../../../core/errors.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { takeEvents } from '../../../core/triggers/take-events.ts';
import type { KafkaBatchResponse, KafkaEvent } from './kafka-event.ts';

type Failure = KafkaBatchResponse['batchItemFailures'][number];

/**
 * Takes the messages of a batch, the partitions side by side. What cannot be handled at all goes to the dead letters;
 * a partition of which something cannot be taken now comes again from its first message, and what was taken of it
 * makes no second run.
 */
export async function takeKafkaBatch(
  engine: Engine,
  connectorId: string,
  { records }: KafkaEvent,
): Promise<KafkaBatchResponse> {
  const failures = Object.values(records).map((partition) => takePartition(engine, connectorId, partition));
  return { batchItemFailures: (await Promise.all(failures)).flat() };
}

async function takePartition(
  engine: Engine,
  connectorId: string,
  records: KafkaEvent['records'][string],
): Promise<Failure[]> {
  const [first] = records;
  const type = engine.types.get('kafka');
  if (first === undefined || type === undefined) return [];
  try {
    await takeEvents(engine, type, connectorId, records);
    return [];
  } catch (thrown) {
    const { topic, partition, offset } = first;
    const coordinates = { topic, partition, offset, connector_id: connectorId };
    engine.log.warn('partition.not-taken', { ...coordinates, reason: messageOf(thrown) });
    return [{ itemIdentifier: { partition: `${topic}-${partition}`, offset: Number(offset) } }];
  }
}
