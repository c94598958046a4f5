import type { Admin } from 'kafkajs';
import { type Backlog, backlogOfStreams } from '../../core/connectors/listening.ts';

/** How far a group has read each partition of a topic. @throws KafkaJSError where the brokers do not answer */
export async function backlogOf(admin: Admin, groupId: string, topic: string): Promise<Backlog> {
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
