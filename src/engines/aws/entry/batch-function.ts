import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import middy from '@middy/core';
import type { Context, DynamoDBRecord, DynamoDBStreamEvent, SQSEvent, SQSRecord } from 'aws-lambda';
import { messageOf } from '../../../core/errors.ts';
import { callInLog, functionLog, publishMetrics } from './function-log.ts';

/** A function that reads a queue. A message whose `work` throws comes back; the others of its batch do not. */
export function queueFunction(work: (record: SQSRecord, context: Context) => Promise<void>) {
  const handle = async (event: SQSEvent, context: Context) => {
    const processor = new BatchProcessor(EventType.SQS);
    const onRecord = (record: SQSRecord) => logged(record.messageId, () => work(record, context));
    return processPartialResponse(event, onRecord, processor, options);
  };
  return middy(handle, { requestEnd: publishMetrics }).use(callInLog);
}

/**
 * A function that reads the table's stream. A record whose work throws is read again, with those after it.
 *
 * @param begin begins a batch, and gives what works on each of its records
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

/** A function that a schedule starts. */
export function scheduledFunction(work: () => Promise<void>) {
  return middy(work, { requestEnd: publishMetrics }).use(callInLog);
}

/** A batch that fails as a whole is told record by record, too: each has its own way from here. */
const options = { throwOnFullBatchFailure: false };

async function logged(recordId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    functionLog.warn('record.failed', { record_id: recordId, reason: messageOf(thrown) });
    throw thrown;
  }
}
