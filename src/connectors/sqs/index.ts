import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { awsConnection } from '../aws-connection.ts';
import { inboundMode } from './inbound-mode.ts';
import { modesOnAws } from './on-aws.ts';
import { outboundMode } from './outbound-mode.ts';
import { describe, message, prepare, type SentMessage } from './prepare.ts';
import { keptMessage, type QueueMessage } from './queue-message.ts';
import { receive } from './receive.ts';

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
  send: async (message, context) => (await import('./send.ts')).send(message, context),
  close: async () => (await import('./send.ts')).closeClients(),
};
