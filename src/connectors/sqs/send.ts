import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { awsError, awsErrorName, statusOf } from '../../net/aws-error.ts';
import type { SentMessage } from './prepare.ts';
import { queueClient } from './queue-client.ts';
import type { QueueAccess } from './queue-config.ts';

/** Message errors that another attempt cannot fix (API reference, SendMessage). */
const permanent = new Set([
  'InvalidMessageContents',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'UnsupportedOperation',
]);

/** One client per distinct service access, so that connectors share connections. */
const clients = new Map<string, SQSClient>();

/** Makes one attempt: sends the message and waits until the queue accepts it. */
export async function send(message: SentMessage, context: SendContext): Promise<Sent> {
  const { signal, secrets, allowPrivateTargets } = context;
  try {
    const client = clientFor(message.access, allowPrivateTargets);
    const { MessageId } = await client.send(commandFor(message), { abortSignal: signal });
    return { outcome: 'delivered', statusCode: 200, responseExcerpt: `message ${MessageId}` };
  } catch (thrown) {
    if (signal.aborted) return failed('The process stopped before the queue had the message.', null);
    const error = awsError(thrown, secrets);
    const status = statusOf(thrown);
    return permanent.has(awsErrorName(thrown) ?? '')
      ? { outcome: 'rejected', error, statusCode: status, responseExcerpt: null }
      : failed(error, status);
  }
}

export function closeClients(): void {
  for (const client of clients.values()) client.destroy();
  clients.clear();
}

function clientFor(access: QueueAccess, allowed: PrivateTargets): SQSClient {
  const identity = JSON.stringify([access.service, allowed]);
  const client = clients.get(identity) ?? queueClient(access, allowed);
  clients.set(identity, client);
  return client;
}

function commandFor(message: SentMessage): SendMessageCommand {
  const { access, body, contentType, attributes, deliveryId, chain, group } = message;
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  return new SendMessageCommand({
    QueueUrl: access.url,
    MessageBody: body,
    MessageAttributes: {
      ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, text(value)])),
      'content-type': text(contentType),
      'delivery-id': text(deliveryId),
      ...(chain === null ? {} : { [chainHeader]: text(chain) }),
    },
    ...(group === null ? {} : { MessageGroupId: group, MessageDeduplicationId: deliveryId }),
  });
}

function failed(error: string, statusCode: number | null): Sent {
  return { outcome: 'failed', error, retryAfterMs: 0, statusCode, responseExcerpt: null };
}
