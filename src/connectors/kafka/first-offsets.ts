import type { Admin } from 'kafkajs';

/** The broker's answer for a partition without a committed offset. */
const nothingCommitted = '-1';

/**
 * Commits the start offsets of a new group. Its members then always start at the committed offset, or at the oldest
 * message of a new partition, so no message that arrives between two starts is skipped.
 *
 * @throws KafkaJSError where the brokers do not answer, or other members are fixing the offsets at the same time
 */
export async function fixFirstOffsets(
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
