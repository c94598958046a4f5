import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { awsConnection } from '../aws-connection.ts';
import { type BusEvent, keptEvent } from './bus-event.ts';
import { inboundMode } from './inbound-mode.ts';
import { modesOnAws } from './on-aws.ts';
import { outboundMode } from './outbound-config.ts';
import { type BusMessage, describe, message, prepare } from './prepare.ts';
import { receive } from './receive.ts';

/** Receives events from Amazon EventBridge buses and sends events to them. */
export const eventbridge: ConnectorType<BusEvent, BusMessage> = {
  name: 'eventbridge',
  title: 'EventBridge',
  summary: 'Run agents for events of an event bus, or send their results to one.',
  category: 'queues',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M12 3.5 19.4 7.8v8.4L12 20.5l-7.4-4.3V7.8z"/><circle cx="12" cy="12" r="2.6"/><path d="M12 9.4V3.5M14.3 13.3l5.1 2.9M9.7 13.3l-5.1 2.9"/></g>',
  carriesChain: true,
  connection: awsConnection,
  modes: { inbound: inboundMode, outbound: outboundMode },
  onAws: modesOnAws,
  receive,
  deadLetterCodec: keptEvent,
  message,
  prepare,
  describe,
  // The first event loads the client, so processes that send none start without it.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
