import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { ListenContext, Listening } from '../../core/connectors/listening.ts';
import { brokerProblems, checkSasl } from './connection-config.ts';
import { probe, topicEndpoint } from './connection-mode.ts';
import { inboundFields } from './inbound-config.ts';
import { consumerInstructions } from './instructions.ts';
import type { KafkaRecord } from './kafka-record.ts';
import { mapping } from './mapping.ts';

function listen(context: ListenContext<KafkaRecord>): Listening {
  // The first connector that reads loads the client, so other processes start without it.
  const listening = import('./listen.ts').then((module) => module.listen(context));
  return {
    stop: async () => (await listening).stop(),
    backlog: async () => (await (await listening).backlog?.()) ?? null,
  };
}

/** Reads with its own consumer on the embedded engine and with Lambda's on AWS. */
export const inboundMode: ModeDescription<KafkaRecord> = {
  summary: 'Runs agents for every message of a topic.',
  config: inboundFields.superRefine(checkSasl),
  problems: brokerProblems,
  ways: { listen: { listen }, mapping },
  probe,
  instructions: consumerInstructions,
  endpoint: topicEndpoint,
  samples: [
    {
      title: 'New messages',
      config: { bootstrap_servers: 'broker-1.example.com:9092', topic: 'orders' },
    },
    {
      title: 'All available messages, with a password over TLS',
      config: {
        bootstrap_servers: 'broker-1.example.com:9096,broker-2.example.com:9096',
        topic: 'orders',
        group_id: 'order-agents',
        auto_offset_reset: 'earliest',
        security_protocol: 'SASL_SSL',
        sasl_mechanism: 'SCRAM-SHA-512',
        username: 'agents',
        password: 'a long password',
      },
    },
  ],
};
