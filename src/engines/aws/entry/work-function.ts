import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import middy from '@middy/core';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent, SQSEvent, SQSRecord } from 'aws-lambda';
import { messageOf } from '../../../core/errors.ts';
import { awsClients } from '../clients.ts';
import { jsonText } from '../store/payload-objects.ts';
import { workMessage } from '../work-queue.ts';
import { callInLog, functionLog, publishMetrics } from './function-log.ts';

/** Wait before a failed message is retried, in seconds: doubles each time, up to the longest. */
const firstBackoffSeconds = 10;
const longestBackoffSeconds = 900;

/** A function that does the work that a queue's messages name; see `messageFunction`. */
export function workFunction(queueUrl: string, work: (id: string, context: Context) => Promise<void>) {
  return messageFunction(queueUrl, (body, context) =>
    work(workMessage.parse(jsonText.parse(body)).id, context),
  );
}

/**
 * A function that processes the bodies of a queue's messages. A failed message returns after a growing wait. Without
 * that it would return after the queue's visibility timeout, which is sized for the longest work.
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

/** @param receives how often SQS has delivered the message, including this time */
export function backoffSeconds(receives: number): number {
  return Math.min(longestBackoffSeconds, firstBackoffSeconds * 2 ** Math.max(0, receives - 1));
}

/** A function that reads a queue. Only messages whose `work` throws return; the rest of the batch does not. */
export function queueFunction(work: (record: SQSRecord, context: Context) => Promise<void>) {
  const handle = async (event: SQSEvent, context: Context) => {
    const processor = new BatchProcessor(EventType.SQS);
    const onRecord = (record: SQSRecord) => logged(record.messageId, () => work(record, context));
    return processPartialResponse(event, onRecord, processor, options);
  };
  return middy(handle, { requestEnd: publishMetrics }).use(callInLog);
}

/**
 * A function that reads the table's stream. A record whose work throws is read again, together with those after it.
 *
 * @param begin starts a batch and returns the work for each of its records
 */
export function streamFunction(begin: () => (record: DynamoDBRecord) => Promise<void>) {
  const handle = async (event: DynamoDBStreamEvent) => {
    const work = begin();
    const processor = new BatchProcessor(EventType.DynamoDBStreams);
    const onRecord = (record: DynamoDBRecord) => logged(record.eventID ?? '', () => work(record));
    return processPartialResponse(event, onRecord, processor, options);
  };
  return middy(handle, { requestEnd: publishMetrics }).use(callInLog);
}

/**
 * A function that a schedule starts. It takes every step in turn, whichever fails, and then fails with the first error.
 *
 * @param steps by what the log calls them
 */
export function scheduledFunction(steps: Readonly<Record<string, () => Promise<unknown>>>) {
  const work = async () => {
    const failures: unknown[] = [];
    for (const [step, take] of Object.entries(steps)) {
      try {
        await take();
      } catch (thrown) {
        functionLog.error('step.failed', { step, reason: messageOf(thrown) });
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return middy(work, { requestEnd: publishMetrics }).use(callInLog);
}

/** Reports failures record by record even if the whole batch failed: each record is retried separately. */
const options = { throwOnFullBatchFailure: false };

async function logged(recordId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    functionLog.warn('record.failed', { record_id: recordId, reason: messageOf(thrown) });
    throw thrown;
  }
}

/** Asks once per key for the lifetime of the returned function. For one batch, whose records mostly ask the same. */
export function onceEach<Value>(ask: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const asked = new Map<string, Promise<Value>>();
  return (key) => {
    const known = asked.get(key);
    if (known !== undefined) return known;
    const answer = ask(key);
    asked.set(key, answer);
    return answer;
  };
}
