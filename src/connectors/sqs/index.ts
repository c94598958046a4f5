import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import type {
  ConnectorType,
  DeployedWays,
  Endpoint,
  ModeDescription,
  Modes,
} from '../../core/connectors/connector-type.ts';
import type { ListenContext, Listening } from '../../core/connectors/listening.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { closedIfUsed } from '../../providers/close-if-used.ts';
import { checkAccessKey } from '../aws-account.ts';
import { awsConnection } from '../aws-connection.ts';
import { mapping } from './mapping.ts';
import { describe, message, prepare, type SentMessage } from './prepare.ts';
import { inboundFields, queueFields, queueProblems, storedQueueFields } from './queue-config.ts';
import { keptMessage, type QueueMessage } from './queue-message.ts';
import { readQueueUrl } from './queue-url.ts';
import { receive } from './receive.ts';

/** Checks that the queue exists and accepts the credentials. */
const probe: NonNullable<ModeDescription['probe']> = async (config, context) =>
  (await import('./probe.ts')).probe(config, context);

/** Counts the messages waiting in the queue. */
const backlog: NonNullable<ModeDescription['backlog']> = async (config, context) =>
  (await import('./probe.ts')).backlog(config, context);

/** The queue that messages come from or go to. */
function queueEndpoint({ config }: Pick<Connector, 'config'>): Endpoint {
  return { title: 'Queue', text: storedQueueFields.parse(config).queue_url };
}

function listen(context: ListenContext<QueueMessage>): Listening {
  // The first connector that reads loads the client, so other processes start without it.
  const listening = import('./listen.ts').then((module) => module.listen(context));
  return {
    stop: async () => (await listening).stop(),
    backlog: async () => (await (await listening).backlog?.()) ?? null,
  };
}

const inboundInstructions = `
The credentials of the connector need these permissions on the queue: \`sqs:ReceiveMessage\`, \`sqs:DeleteMessage\`, \`sqs:ChangeMessageVisibility\`, and \`sqs:GetQueueAttributes\`.

1. Open **IAM** in the AWS console, and create a policy with these four actions on the ARN of the queue.
2. Attach it to the user whose access key the connector has, or to the role of the process.
3. Send a message to the queue to try the connector.
`;

const inboundMode: ModeDescription<QueueMessage> = {
  summary: 'Runs agents for every message of a queue.',
  config: inboundFields.superRefine(checkAccessKey),
  problems: queueProblems,
  ways: { listen: { listen }, mapping },
  probe,
  backlog,
  instructions: inboundInstructions,
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

const outboundInstructions = `
The credentials of the connector need \`sqs:SendMessage\` on the queue, and \`sqs:GetQueueAttributes\` for the test.

1. Open **IAM** in the AWS console, and create a policy with these actions on the ARN of the queue.
2. Attach it to the user whose access key the connector has, or to the role of the process.
`;

const outboundMode: ModeDescription<QueueMessage> = {
  summary: 'Sends the result of every run to a queue.',
  config: z.strictObject({ ...queueFields, ...outboundFilterFields }).superRefine(checkAccessKey),
  problems: queueProblems,
  ways: {},
  probe,
  instructions: outboundInstructions,
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

type Refuse = (field: string, message: string) => void;

/** Refuses what Lambda's event source does not support: it reads only AWS queues, with the function's role. */
function checkEventSource(config: z.infer<typeof inboundFields>, refuse: Refuse): void {
  const { access_key_id: accessKeyId, endpoint, queue_url: url, region } = config;
  if (accessKeyId !== undefined) {
    refuse('access_key_id', 'A deployment reads queues with its own role: remove the access key.');
  }
  if (endpoint !== undefined) refuse('endpoint', 'A deployment reads queues of AWS only.');
  if (readQueueUrl(url)?.region === null && region === undefined) {
    refuse('region', 'Enter the region of the queue: its URL does not name one.');
  }
}

function inboundWith(check: (config: z.infer<typeof inboundFields>, refuse: Refuse) => void) {
  const config = inboundFields.superRefine((given, context) => {
    checkAccessKey(given, context);
    check(given, (field, message) => context.addIssue({ code: 'custom', path: [field], message }));
  });
  const samples = inboundMode.samples.filter((sample) => sample.config['access_key_id'] === undefined);
  // Lambda connects only to the queue, never to a host that a configuration names.
  return { ...inboundMode, config, samples, problems: () => [] } satisfies ModeDescription<QueueMessage>;
}

const inbound = inboundWith(checkEventSource);

/** Refuses connectors that the deployment would never read, and says what to change. */
const unreadInbound = inboundWith((_config, refuse) => {
  refuse('queue_url', 'This deployment reads no queues. Deploy it with the setting sqsQueueArns.');
});

/** SQS in a deployment on AWS: event source mappings read the queues that the stack names. */
function modesOnAws(deployed: DeployedWays): Modes<QueueMessage> {
  return { inbound: deployed.has('mapping') ? inbound : unreadInbound, outbound: outboundMode };
}

/** Reads from Amazon SQS queues and sends to them. */
export const sqs: ConnectorType<QueueMessage, SentMessage> = {
  name: 'sqs',
  title: 'SQS',
  summary: 'Run agents for every message of an Amazon SQS queue, or send their results to one.',
  category: 'queues',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><rect x="3.5" y="7" width="4.6" height="10" rx="1"/><rect x="9.7" y="7" width="4.6" height="10" rx="1"/><rect x="15.9" y="7" width="4.6" height="10" rx="1"/><path d="M5.8 4v3M18.2 17v3"/></g>',
  connection: awsConnection,
  modes: { inbound: inboundMode, outbound: outboundMode },
  onAws: modesOnAws,
  receive,
  deadLetterCodec: keptMessage,
  message,
  prepare,
  carriesChain: true,
  describe,
  // The first message loads the client, so processes that send none start without it.
  ...closedIfUsed<SentMessage>({
    send: async (message, context) => (await import('./send.ts')).send(message, context),
    close: async () => (await import('./send.ts')).closeClients(),
  }),
};
