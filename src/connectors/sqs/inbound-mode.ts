import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { ListenContext, Listening } from '../../core/connectors/listening.ts';
import { checkAccessKey } from '../aws-account.ts';
import { inboundFields } from './inbound-config.ts';
import { mapping } from './mapping.ts';
import { queueProblems } from './queue-config.ts';
import type { QueueMessage } from './queue-message.ts';
import { backlog, probe, queueEndpoint } from './queue-mode.ts';

function listen(context: ListenContext<QueueMessage>): Listening {
  // The first connector that reads loads the client, so other processes start without it.
  const listening = import('./listen.ts').then((module) => module.listen(context));
  return {
    stop: async () => (await listening).stop(),
    backlog: async () => (await (await listening).backlog?.()) ?? null,
  };
}

const instructions = `
The credentials of the connector need these permissions on the queue: \`sqs:ReceiveMessage\`, \`sqs:DeleteMessage\`, \`sqs:ChangeMessageVisibility\`, and \`sqs:GetQueueAttributes\`.

1. Open **IAM** in the AWS console, and create a policy with these four actions on the ARN of the queue.
2. Attach it to the user whose access key the connector has, or to the role of the process.
3. Send a message to the queue to try the connector.
`;

export const inboundMode: ModeDescription<QueueMessage> = {
  summary: 'Runs agents for every message of a queue.',
  config: inboundFields.superRefine(checkAccessKey),
  problems: queueProblems,
  ways: { listen: { listen }, mapping },
  probe,
  backlog,
  instructions,
  endpoint: queueEndpoint,
  samples: [
    {
      title: 'Messages of a queue',
      config: { queue_url: 'https://sqs.eu-west-1.amazonaws.com/123456789012/orders' },
    },
    {
      title: 'A queue of another account, with an access key',
      config: {
        queue_url: 'https://sqs.eu-west-1.amazonaws.com/210987654321/orders.fifo',
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
        secret_access_key: 'a secret access key',
        visibility_timeout: 60,
        max_messages: 5,
      },
    },
  ],
};
