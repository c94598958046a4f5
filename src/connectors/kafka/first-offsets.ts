import type { Admin } from 'kafkajs';

/** What the broker answers for a partition of which the group has committed nothing. */
const nothingCommitted = '-1';

/**
 * Fixes where a group that is new begins. Its members then always start at what is committed, and at the oldest message
 * of a partition that is new: a message that arrives between two starts is never skipped.
 *
 * @throws KafkaJSError where the brokers do not answer, or others of the group are just doing the same
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
    // Another member was quicker, and the group is no longer empty.
    if (!(await hasCommitted(admin, groupId, topic))) throw thrown;
  }
}

async function hasCommitted(admin: Admin, groupId: string, topic: string): Promise<boolean> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return committed?.partitions.some(({ offset }) => offset !== nothingCommitted) ?? false;
}
