import * as z from 'zod';
import { parseExactly } from '../../core/json/exact-json.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jsonObject,
  Payload,
} from '../../core/json/json-value.ts';

const queueMessage = z.object({
  messageId: z.string(),
  /** Identifies this delivery of the message. */
  receiptHandle: z.string(),
  body: z.string(),
  /** How often SQS has delivered the message, including this time. */
  receiveCount: z.number(),
  /** Unix ms. */
  sentAtMs: z.number(),
  /** `null` outside a group. */
  group: z.string().nullable(),
  /** Message attributes by name; binary values in Base64. */
  attributes: z.record(z.string(), z.string()),
});

/** A message as SQS delivers it. */
export type QueueMessage = z.infer<typeof queueMessage>;

/** Converts a message to and from its dead letter. */
export const keptMessage = {
  write: (message: QueueMessage): JsonObject => jsonObject.parse(message),
  /** @throws ZodError where it is none */
  read: (kept: JsonObject): QueueMessage => queueMessage.parse(kept),
};

/**
 * The payload of a message: an object keeps its fields, and any other value goes under `message`. `_sqs` always comes
 * from the connector, never from the message.
 */
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
