import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { startMinistack } from '../test/aws/ministack.ts';
import type { ProductProcess } from '../test/product-process.ts';
import { pythonTool } from '../test/python-tool.ts';
import type { Effort } from './effort.ts';
import { type Finding, median, readable } from './report.ts';
import { body, manage, startBenchProduct } from './servers.ts';

/** Relative to a bare loop. */
const leastRatio = 0.5;
/** The most messages that one SQS request accepts. */
const batchSize = 10;
/** Infrequent, because the emulator also has to answer these requests. */
const lookEveryMs = 100;

const created = z.looseObject({ id: z.string() });

/**
 * Stores and deletes a queue's messages, compared with a bare loop that receives and deletes, in one emulated account.
 */
export async function benchSqs(effort: Effort): Promise<Finding[]> {
  const account = await startMinistack(pythonTool('ministack'));
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'bench' };
  const client = new SQSClient({ endpoint: account.endpoint, region: 'us-east-1', credentials });
  const product = await startBenchProduct();
  try {
    const bare: number[] = [];
    const stored: number[] = [];
    for (let round = 0; round <= effort.rounds; round++) {
      const rates = {
        bare: await bareRate(client, await filledQueue(client, `bare-${round}`, effort.queueMessages)),
        stored: await productRate(
          client,
          product,
          await filledQueue(client, `product-${round}`, effort.queueMessages),
        ),
      };
      if (round === 0) continue;
      bare.push(rates.bare);
      stored.push(rates.stored);
    }
    const ratio = median(stored) / median(bare);
    return [
      { what: 'bare loop, received and deleted', measured: `${readable(median(bare))} messages/s` },
      { what: 'product, stored and deleted', measured: `${readable(median(stored))} messages/s` },
      {
        what: 'ratio',
        measured: readable(ratio),
        budget: { text: `at least ${leastRatio}`, kept: ratio >= leastRatio },
      },
    ];
  } finally {
    client.destroy();
    await product.remove();
    await account.stop();
  }
}

interface FilledQueue {
  readonly url: string;
  readonly count: number;
}

async function filledQueue(client: SQSClient, QueueName: string, count: number): Promise<FilledQueue> {
  const { QueueUrl: url = '' } = await client.send(new CreateQueueCommand({ QueueName }));
  for (let sent = 0; sent < count; sent += batchSize) {
    const Entries = Array.from({ length: batchSize }, (_, index) => ({
      Id: String(index),
      MessageBody: body,
    }));
    await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
  }
  return { url, count };
}

/** Parses each message and stores nothing; messages/s. */
async function bareRate(client: SQSClient, { url: QueueUrl, count }: FilledQueue): Promise<number> {
  const startedAt = performance.now();
  for (let taken = 0; taken < count; ) {
    const receive = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: 20,
    });
    const { Messages = [] } = await client.send(receive);
    for (const { Body = '' } of Messages) JSON.parse(Body);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    taken += Messages.length;
  }
  return count / ((performance.now() - startedAt) / 1_000);
}

/** Messages/s from the connector's start to the deletion of the last message. */
async function productRate(
  client: SQSClient,
  product: ProductProcess,
  { url, count }: FilledQueue,
): Promise<number> {
  const config = {
    queue_url: url,
    access_key_id: 'AKIAIOSFODNN7EXAMPLE',
    secret_access_key: 'bench',
  };
  const startedAt = performance.now();
  const draft = { name: `bench ${url}`, type: 'sqs', mode: 'inbound', agents: ['parked'], config };
  const { id } = created.parse(await manage(product, 'POST', '/connectors', draft));
  while (!(await isEmpty(client, url))) await sleep(lookEveryMs);
  const seconds = (performance.now() - startedAt) / 1_000;
  await manage(product, 'PATCH', `/connectors/${id}`, { enabled: false });
  return count / seconds;
}

async function isEmpty(client: SQSClient, QueueUrl: string): Promise<boolean> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] });
  const { Attributes = {} } = await client.send(command);
  return names.every((name) => Number(Attributes[name]) === 0);
}
