import * as z from 'zod';
import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { checkAccessKey } from '../aws-account.ts';
import { queueFields, queueProblems } from './queue-config.ts';
import type { QueueMessage } from './queue-message.ts';
import { probe, queueEndpoint } from './queue-mode.ts';

const instructions = `
The credentials of the connector need \`sqs:SendMessage\` on the queue, and \`sqs:GetQueueAttributes\` for the test.

1. Open **IAM** in the AWS console, and create a policy with these actions on the ARN of the queue.
2. Attach it to the user whose access key the connector has, or to the role of the process.
`;

export const outboundMode: ModeDescription<QueueMessage> = {
  summary: 'Sends the result of every run to a queue.',
  config: z.strictObject({ ...queueFields, ...outboundFilterFields }).superRefine(checkAccessKey),
  problems: queueProblems,
  ways: {},
  probe,
  instructions,
  endpoint: queueEndpoint,
  samples: [
    {
      title: 'Results to a queue',
      config: { queue_url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/agent-results' },
    },
    {
      title: 'Failures to a FIFO queue, with an access key',
      config: {
        queue_url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/failures.fifo',
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
        secret_access_key: 'a secret access key',
        statuses: ['failed'],
      },
    },
  ],
};
