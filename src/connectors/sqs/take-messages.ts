import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ListenContext } from '../../core/connectors/listening.ts';
import { RetryableError } from '../../core/errors.ts';
import type { QueueMessage } from './queue-message.ts';

export interface Reading {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Aborts when reading stops. */
  readonly signal: AbortSignal;
}

export interface ReceiveOptions {
  readonly waitSeconds: number;
  readonly maxMessages: number;
  readonly visibilitySeconds: number;
}

/** Reads messages; empty if none arrived in time. @throws an error of the SDK where the queue does not answer */
export async function receiveMessages(
  { client, queueUrl, signal }: Reading,
  { waitSeconds, maxMessages, visibilitySeconds }: ReceiveOptions,
): Promise<QueueMessage[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: maxMessages,
    WaitTimeSeconds: waitSeconds,
    VisibilityTimeout: visibilitySeconds,
    MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp', 'MessageGroupId'],
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await client.send(command, { abortSignal: signal });
  return Messages.map(messageOf);
}

function messageOf({ MessageId, ReceiptHandle, Body, Attributes = {}, MessageAttributes = {} }: Message) {
  const attributes = Object.entries(MessageAttributes).map(([name, { StringValue, BinaryValue }]) => [
    name,
    StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64'),
  ]);
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 1),
    sentAtMs: Number(Attributes.SentTimestamp ?? 0),
    group: Attributes.MessageGroupId ?? null,
    attributes: Object.fromEntries(attributes),
  } satisfies QueueMessage;
}

/**
 * Passes on messages and deletes them once they are durable. If none can be taken now, they return to the queue.
 *
 * @returns the seconds to wait before the next read; 0 if they were taken
 * @throws an error of the SDK where they cannot be deleted: they return, but start nothing then
 */
export async function takeMessages(
  reading: Reading,
  messages: readonly QueueMessage[],
  take: ListenContext<QueueMessage>['take'],
): Promise<number> {
  try {
    await take(messages);
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw thrown;
    const { retryAfterSeconds } = thrown;
    await putBack(reading, messages, retryAfterSeconds);
    return Math.min(...messages.map(({ receiveCount }) => backoffSeconds(receiveCount, retryAfterSeconds)));
  }
  const Entries = messages.map(({ receiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
  }));
  await reading.client.send(new DeleteMessageBatchCommand({ QueueUrl: reading.queueUrl, Entries }));
  return 0;
}

/** In seconds. */
const longestBackoff = 30;

/**
 * For how long a message goes back that cannot be taken now. The wait grows with each receive: a queue moves a message to
 * its dead-letter queue after a number of receives, which a short outage must not use up.
 *
 * @param receives how often the message was handed out, this time included
 * @param firstSeconds the wait after the first
 * @returns whole seconds
 */
export function backoffSeconds(receives: number, firstSeconds: number): number {
  const grown = Math.min(firstSeconds * 4 ** (Math.max(1, receives) - 1), longestBackoff);
  return Math.ceil(Math.max(grown, firstSeconds));
}

/** Lets them be read again soon, and not only when their visibility timeout ends. */
async function putBack(
  { client, queueUrl }: Reading,
  messages: readonly QueueMessage[],
  seconds: number,
): Promise<void> {
  const Entries = messages.map(({ receiptHandle, receiveCount }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: backoffSeconds(receiveCount, seconds),
  }));
  await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
}
