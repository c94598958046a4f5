import * as z from 'zod';
import type { MappedEvents, MappingWay } from '../../core/connectors/ways.ts';
import { inboundConfigOf } from './queue-config.ts';
import type { QueueMessage } from './queue-message.ts';
import { queueArn, readQueueUrl } from './queue-url.ts';

/** Lambda's event source for SQS queues. */
export const mapping: MappingWay<QueueMessage> = {
  source({ config }) {
    const { queue_url: url, region, max_messages: maxMessages } = inboundConfigOf(config);
    const address = readQueueUrl(url);
    if (address === null) throw new Error('The queue URL is not valid.');
    return {
      kind: 'queue',
      parameters: { EventSourceArn: queueArn(address, region), BatchSize: maxMessages },
      access: [],
      inNetwork: false,
    };
  },
  identityOf: (given) => z.object({ EventSourceArn: z.string() }).parse(given).EventSourceArn,
  events: (invocation) => groupsOf(queueEvent.parse(invocation).Records),
};

/** A message as Lambda passes it (Lambda developer guide, "Using Lambda with Amazon SQS", example event). */
const record = z
  .object({
    messageId: z.string(),
    receiptHandle: z.string(),
    body: z.string(),
    attributes: z.object({
      ApproximateReceiveCount: z.coerce.number(),
      SentTimestamp: z.coerce.number(),
      MessageGroupId: z.string().optional(),
    }),
    messageAttributes: z
      .record(z.string(), z.object({ stringValue: z.string().nullish(), binaryValue: z.string().nullish() }))
      .default({}),
  })
  .transform(({ messageId, receiptHandle, body, attributes, messageAttributes }): QueueMessage => {
    const values = Object.entries(messageAttributes).map(([name, { stringValue, binaryValue }]) => [
      name,
      stringValue ?? binaryValue ?? '',
    ]);
    return {
      messageId,
      receiptHandle,
      body,
      receiveCount: attributes.ApproximateReceiveCount,
      sentAtMs: attributes.SentTimestamp,
      group: attributes.MessageGroupId ?? null,
      attributes: Object.fromEntries(values),
    };
  });

const queueEvent = z.object({ Records: z.array(record) });

/** Messages of a group stay in order: if one cannot be taken, the later ones return to the queue with it. */
function groupsOf(messages: readonly QueueMessage[]): MappedEvents<QueueMessage>[] {
  const groups = Map.groupBy(messages, ({ group, messageId }) => (group === null ? `\n${messageId}` : group));
  return [...groups.values()].map((events) => ({
    events,
    itemIdentifiers: events.map(({ messageId }) => messageId),
    place: { message_ids: events.map(({ messageId }) => messageId) },
  }));
}
