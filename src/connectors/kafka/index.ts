import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { cluster, clusterOnAws } from './connection.ts';
import { inboundMode } from './inbound-mode.ts';
import { type KafkaRecord, keptRecord } from './kafka-record.ts';
import { modesOnAws } from './on-aws.ts';
import { outboundMode } from './outbound-config.ts';
import { describe, type KafkaMessage, message, prepare } from './prepare.ts';
import { receive } from './receive.ts';

/** Reads from topics and writes to topics. */
export const kafka: ConnectorType<KafkaRecord, KafkaMessage> = {
  name: 'kafka',
  title: 'Kafka',
  summary: 'Run agents for every message of a topic, or write their results to a topic.',
  category: 'queues',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><circle cx="8" cy="12" r="2.8"/><circle cx="8" cy="4.5" r="2"/><circle cx="8" cy="19.5" r="2"/><circle cx="16.5" cy="8" r="2"/><circle cx="16.5" cy="16" r="2"/><path d="M8 6.5v2.7M8 14.8v2.7M10.5 10.7l4.2-1.9M10.5 13.3l4.2 1.9"/></g>',
  connection: cluster,
  connectionOnAws: clusterOnAws,
  modes: { inbound: inboundMode, outbound: outboundMode },
  onAws: modesOnAws,
  receive,
  deadLetterCodec: keptRecord,
  asksForOriginType: true,
  message,
  prepare,
  carriesChain: true,
  describe,
  // The first message loads the client, so processes that send none start without it.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
  // Concurrent sends share requests; the store takes the rest of a delivery's time.
  sendsAtATime: 256,
  close: async () => (await import('./producers.ts')).closeProducers(),
};
