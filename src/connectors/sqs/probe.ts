import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { Backlog } from '../../core/connectors/listening.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { awsError } from '../../net/aws-error.ts';
import { queueClient } from './queue-client.ts';
import { type QueueAccess, queueAccess } from './queue-config.ts';

/** Short enough for the waiting operator and the gateway, in ms. */
const patience = { connectionTimeout: 5_000, requestTimeout: 10_000 };

/**
 * Asks the queue how many messages are waiting. It neither reads nor sends any.
 *
 * @throws ZodError where the configuration is not valid
 */
export async function probe(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const access = queueAccess(config, context.secrets);
  try {
    const waiting = await withClient(access, context, (client) =>
      countWaiting(client, access.url, context.signal),
    );
    const about = waiting === 1 ? 'about 1 message waits' : `about ${waiting} messages wait`;
    return { outcome: 'reached', detail: `The queue exists; ${about} in it.` };
  } catch (thrown) {
    return { outcome: 'failed', error: awsError(thrown, Object.values(context.secrets)) };
  }
}

/** The number of waiting messages. @throws an error of the SDK where the queue does not answer */
export async function backlog(config: JsonObject, context: ProbeContext): Promise<Backlog> {
  const access = queueAccess(config, context.secrets);
  const waiting = await withClient(access, context, (client) =>
    countWaiting(client, access.url, context.signal),
  );
  return { waiting };
}

/**
 * The approximate number of messages that are available to read.
 *
 * @throws an error of the SDK where the queue does not answer
 */
export async function countWaiting(
  client: SQSClient,
  QueueUrl: string,
  abortSignal: AbortSignal,
): Promise<number> {
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  const { Attributes } = await client.send(command, { abortSignal });
  return Number(Attributes?.['ApproximateNumberOfMessages'] ?? 0);
}

async function withClient<Answer>(
  access: QueueAccess,
  { allowPrivateTargets }: ProbeContext,
  ask: (client: SQSClient) => Promise<Answer>,
): Promise<Answer> {
  const client = queueClient(access, allowPrivateTargets, patience);
  try {
    return await ask(client);
  } finally {
    client.destroy();
  }
}
