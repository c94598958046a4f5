import { ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from '../../scenarios/eventually.ts';
import { useTarget } from '../../scenarios/target.ts';
import * as wire from '../../scenarios/wire.ts';

const { operator } = useTarget();
const deadLetters = wire.listOf(z.looseObject({ dead_letter_id: z.string(), run_id: z.string().nullable() }));

test('what a queue has given up is seen by operators, who give it back', async () => {
  const runId = await operator.startRun('echo', { is: 'given up' });
  await operator.ended(runId);
  const sqs = new SQSClient();
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const QueueUrl = QueueUrls.find((url) => /RunsDeadLetters/i.test(url));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ id: runId }) }));
  const letter = await eventually('the dead letter of the run', async () => {
    const { items } = deadLetters.parse((await operator.call('GET', '/dead-letters')).json);
    return items.find(({ run_id }) => run_id === runId);
  });
  expect((await operator.call('POST', `/dead-letters/${letter.dead_letter_id}/retry`)).status).toBeLessThan(
    300,
  );
  const { items } = deadLetters.parse((await operator.call('GET', '/dead-letters')).json);
  expect(items.map((each) => each.dead_letter_id)).not.toContain(letter.dead_letter_id);
});
