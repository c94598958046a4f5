import type * as z from 'zod';
import type { DeployedWays, ModeDescription, Modes } from '../../core/connectors/connector-type.ts';
import { checkAccessKey } from '../aws-account.ts';
import { inboundFields } from './inbound-config.ts';
import { inboundMode } from './inbound-mode.ts';
import { outboundMode } from './outbound-mode.ts';
import type { QueueMessage } from './queue-message.ts';
import { readQueueUrl } from './queue-url.ts';

type Refuse = (field: string, message: string) => void;

/** Refuses what Lambda's event source does not support: it reads only AWS queues, with the function's role. */
function checkEventSource(config: z.infer<typeof inboundFields>, refuse: Refuse): void {
  const { access_key_id: accessKeyId, endpoint, queue_url: url, region } = config;
  if (accessKeyId !== undefined) {
    refuse('access_key_id', 'A deployment reads queues with its own role: remove the access key.');
  }
  if (endpoint !== undefined) refuse('endpoint', 'A deployment reads queues of AWS only.');
  if (readQueueUrl(url)?.region === null && region === undefined) {
    refuse('region', 'Give the region of the queue: its URL does not name one.');
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
export function modesOnAws(deployed: DeployedWays): Modes<QueueMessage> {
  return { inbound: deployed.has('mapping') ? inbound : unreadInbound, outbound: outboundMode };
}
