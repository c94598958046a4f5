import type { Broker } from './broker.ts';

/** A record as a consumer that is not ours reads it. */
export interface ReadRecord {
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The first `count` records of a topic, as they were written in each partition. */
export async function readTopic(broker: Broker, topic: string, count: number): Promise<ReadRecord[]> {
  const consumer = broker.client.consumer({
    groupId: `reader-${topic}-${Math.random()}`,
    maxWaitTimeInMs: 200,
  });
  const records: ReadRecord[] = [];
  const complete = Promise.withResolvers<void>();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message: { offset, key, value, headers = {} } }) => {
      const named = Object.entries(headers).map(([name, header]) => [name, String(header)]);
      records.push({ partition, offset, key, value: String(value), headers: Object.fromEntries(named) });
      if (records.length === count) complete.resolve();
    },
  });
  const timer = setTimeout(
    () => complete.reject(new Error(`${records.length} of ${count} records of ${topic} came.`)),
    120_000,
  );
  await complete.promise.finally(() => clearTimeout(timer));
  await consumer.disconnect();
  return records;
}
