import * as z from 'zod';
import { parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject, type JsonObject, type JsonValue, jsonObject } from '../../core/json/json-value.ts';
import { Payload } from '../../core/json/payload.ts';

const queueMessage = z.object({
  messageId: z.string(),
  /** Of this delivery of the message. */
  receiptHandle: z.string(),
  body: z.string(),
  /** How often it was handed out, this time included. */
  receiveCount: z.number(),
  /** Unix ms. */
  sentAtMs: z.number(),
  /** `null` where it has none. */
  group: z.string().nullable(),
  /** Values of its message attributes by name; binary ones as Base64. */
  attributes: z.record(z.string(), z.string()),
});

/** One message of a queue, as SQS hands it out. */
export type QueueMessage = z.infer<typeof queueMessage>;

/** How a dead letter keeps it. */
export const keptMessage = {
  write: (message: QueueMessage): JsonObject => jsonObject.parse(message),
  /** @throws ZodError where it is none */
  read: (kept: JsonObject): QueueMessage => queueMessage.parse(kept),
};

/** The payload of a message: an object keeps its fields, anything else goes under `message`, and `_sqs` is always ours. */
export function payloadOf(message: QueueMessage, queueUrl: string): Payload {
  const value = jsonOrText(message.body);
  const fields = isJsonObject(value) ? value : { message: value };
  return Payload.of({ ...fields, _sqs: factsOf(message, queueUrl) });
}

function factsOf(message: QueueMessage, queueUrl: string): JsonObject {
  const { messageId, receiptHandle, receiveCount, sentAtMs, group, attributes } = message;
  return {
    message_id: messageId,
    receipt_handle: receiptHandle,
    queue_url: queueUrl,
    approximate_receive_count: receiveCount,
    sent_timestamp: sentAtMs,
    ...(group === null ? {} : { message_group_id: group }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  };
}

function jsonOrText(text: string): JsonValue {
  try {
    return parseExactly(text);
  } catch {
    return text;
  }
}
