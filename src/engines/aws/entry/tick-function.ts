import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { awsClients } from '../clients.ts';
import type { AwsEngine } from '../runtime.ts';
import { openTable } from '../store/table.ts';
import { takePoll } from '../ways/poll/take-poll.ts';
import { takeTick } from '../ways/schedule/take-tick.ts';
import { connectorToPoll } from '../ways/schedule/tick-message.ts';
import { variable } from './function-environment.ts';
import { messageFunction } from './work-function.ts';

/** A function that reads the tick queue: fires ticks and polls the sources of connectors. */
export function tickFunction(engine: AwsEngine) {
  const { dynamo, sqs } = awsClients();
  const table = openTable(dynamo, variable('TABLE_NAME'));
  const QueueUrl = variable('TICK_QUEUE_URL');
  return messageFunction(QueueUrl, async (body) => {
    const connectorId = connectorToPoll(body);
    if (connectorId === null) {
      await takeTick(engine, body);
      return;
    }
    const polled = await takePoll(engine, table, connectorId);
    // Queue the rest behind other waiting messages.
    if (polled === 'more') await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  });
}
