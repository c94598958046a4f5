import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSRecord } from 'aws-lambda';
import { messageOf } from '../../../core/errors.ts';
import { awsClients } from '../clients.ts';
import { jsonText } from '../store/json-text.ts';
import { workMessage } from '../work-queue.ts';
import { queueFunction } from './batch-function.ts';
import { functionLog } from './function-log.ts';

/** The wait before a message that failed comes back, in seconds: doubled each time, up to the longest. */
const firstBackoffSeconds = 10;
const longestBackoffSeconds = 900;

/** A function that does the work that the messages of a queue name; see `messageFunction`. */
export function workFunction(queueUrl: string, work: (id: string, context: Context) => Promise<void>) {
  return messageFunction(queueUrl, (body, context) =>
    work(workMessage.parse(jsonText.parse(body)).id, context),
  );
}

/**
 * A function that takes the messages of a queue by their bodies. What fails comes back after a growing wait: by itself
 * it would do so only after the queue's visibility timeout, which is made for the longest work.
 */
export function messageFunction(queueUrl: string, work: (body: string, context: Context) => Promise<void>) {
  const { sqs } = awsClients();
  return queueFunction(async (record, context) => {
    try {
      await work(record.body, context);
    } catch (thrown) {
      await comeBackLater(sqs, queueUrl, record);
      throw thrown;
    }
  });
}

async function comeBackLater(sqs: SQSClient, QueueUrl: string, record: SQSRecord): Promise<void> {
  const VisibilityTimeout = backoffSeconds(Number(record.attributes.ApproximateReceiveCount));
  try {
    const ReceiptHandle = record.receiptHandle;
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  } catch (thrown) {
    functionLog.warn('message.not-hurried', { record_id: record.messageId, reason: messageOf(thrown) });
  }
}

/** @param receives how often the message was handed out, this time included */
export function backoffSeconds(receives: number): number {
  return Math.min(longestBackoffSeconds, firstBackoffSeconds * 2 ** Math.max(0, receives - 1));
}
