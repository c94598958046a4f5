import * as z from 'zod';
import type { KafkaRecord } from '../../../connectors/kafka/kafka-record.ts';

/** Lambda leaves away what a message does not have. Everything decodes: a message is never refused for its envelope. */
const bytes = z
  .string()
  .nullish()
  .transform((text) => (text == null ? null : Buffer.from(text, 'base64')));

const record = z
  .object({
    topic: z.string(),
    partition: z.number(),
    offset: z.number(),
    timestamp: z.number().default(-1),
    key: bytes,
    value: bytes,
  })
  .transform(
    ({ timestamp, offset, ...own }): KafkaRecord => ({
      ...own,
      offset: String(offset),
      timestampMs: timestamp,
    }),
  );

/**
 * What Lambda's event sources for MSK and for self-managed Kafka hand over, by `topic-partition`: both have the same
 * records (Lambda developer guide, "Using Lambda with Amazon MSK" and "... with self-managed Apache Kafka").
 */
export const kafkaEvent = z.object({ records: z.record(z.string(), z.array(record)) });
export type KafkaEvent = z.infer<typeof kafkaEvent>;

/** The answer to a batch of which a part is to come again: the first message of each such partition. */
export interface KafkaBatchResponse {
  readonly batchItemFailures: readonly {
    readonly itemIdentifier: { readonly partition: string; readonly offset: number };
  }[];
}

/**
 * The connector that an invocation is for. An event does not name its event source; so each connector's source calls
 * the function by an alias of its own, which is the connector's id.
 *
 * @throws Error where the function was called without one
 */
export function connectorOfInvocation(invokedFunctionArn: string): string {
  const alias = invokedFunctionArn.split(':')[7];
  if (alias === undefined) throw new Error('the function was called by no alias: no connector is meant');
  return alias;
}
