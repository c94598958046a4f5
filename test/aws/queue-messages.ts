import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { AwsClients } from '../../src/engines/aws/clients.ts';
import { workMessage } from '../../src/engines/aws/work-queue.ts';

/** Takes the messages that can be seen out of a queue; the ids in them. */
export async function takeMessages({ sqs }: AwsClients, queueUrl: string): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    );
    if (messages.length === 0) return ids;
    for (const { Body: body, ReceiptHandle: handle } of messages) {
      ids.push(workMessage.parse(JSON.parse(body ?? '')).id);
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
    }
  }
}
