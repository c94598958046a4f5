import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';

/** One unit of work, named by its id: the queue holds nothing else. */
export interface WorkItem {
  readonly id: string;
  /** Messages of one group do not delay those of others (fair queues): the agent's name, the connector's id. */
  readonly group: string;
  /** Delay of this message, if it differs from the others'. */
  readonly delayMs?: number;
}

export const workMessage = z.object({ id: z.string() });

export interface WorkQueue {
  /**
   * Sends messages that become visible after `delayMs` (at most 15 minutes). Never throws: the store holds the work
   * with the time at which the reconciler checks it again, so an unsent message is late, not lost.
   */
  send(items: readonly WorkItem[], delayMs?: number): Promise<void>;
}

/** SQS delays a message by 15 minutes at most. */
export const maxDelayMs = 900_000;

/** SQS's limit for the name of a group; agents whose names share this many characters share a group. */
const groupLength = 128;

/** SQS's limit for one batch. */
const batchLimit = 10;

export function workQueue(client: SQSClient, queueUrl: string, log: Log): WorkQueue {
  const sendBatch = async (items: readonly WorkItem[], delayMs: number) => {
    const Entries = items.map((item, index) => entryOf(item, index, delayMs));
    try {
      const answer = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      const failed = answer.Failed ?? [];
      if (failed.length > 0)
        log.warn('message.not-sent', { count: failed.length, reason: failed[0]?.Message });
    } catch (thrown) {
      log.warn('message.not-sent', { count: items.length, reason: messageOf(thrown) });
    }
  };
  return {
    async send(items, delayMs = 0) {
      const batches: Promise<void>[] = [];
      for (let start = 0; start < items.length; start += batchLimit) {
        batches.push(sendBatch(items.slice(start, start + batchLimit), delayMs));
      }
      await Promise.all(batches);
    },
  };
}

function entryOf(item: WorkItem, index: number, delayMs: number): SendMessageBatchRequestEntry {
  return {
    Id: String(index),
    MessageBody: JSON.stringify({ id: item.id } satisfies z.infer<typeof workMessage>),
    MessageGroupId: item.group.slice(0, groupLength),
    DelaySeconds: Math.ceil(Math.min(Math.max(item.delayMs ?? delayMs, 0), maxDelayMs) / 1_000),
  };
}
