import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import {
  brokerProblems,
  checkSasl,
  clusterFields,
  connectionFields,
  topicName,
} from './connection-config.ts';
import { probe, topicEndpoint } from './connection-mode.ts';
import { producerInstructions } from './instructions.ts';
import type { KafkaRecord } from './kafka-record.ts';

/** Fields of an outbound connector besides those of its connection. */
export const outboundOwnFields = {
  topic: topicName.meta({ title: 'Topic', description: 'The topic for the results of runs.' }),
  ...outboundFilterFields,
};

const outboundFields = z.strictObject({
  ...connectionFields,
  ...outboundOwnFields,
});

const storedFields = z.object({ ...connectionFields, ...clusterFields, topic: topicName });

/** The configuration of an outbound connector, on any engine. @throws ZodError where the stored one is not valid */
export function outboundConfigOf(connector: Connector): z.infer<typeof storedFields> {
  return parsed(connector.config);
}

const parsed = parseOnce((config) => storedFields.parse(config));

export const outboundMode: ModeDescription<KafkaRecord> = {
  summary: 'Writes the result of every run to a topic, acknowledged by all in-sync replicas.',
  config: outboundFields.superRefine(checkSasl),
  problems: brokerProblems,
  ways: {},
  probe,
  instructions: producerInstructions,
  endpoint: topicEndpoint,
  samples: [
    {
      title: 'Results to a topic',
      config: { bootstrap_servers: 'broker-1.example.com:9092', topic: 'agent-results' },
    },
    {
      title: 'Failures too, with a password over TLS',
      config: {
        bootstrap_servers: 'broker-1.example.com:9096',
        topic: 'agent-results',
        security_protocol: 'SASL_SSL',
        sasl_mechanism: 'PLAIN',
        username: 'agents',
        password: 'a long password',
        statuses: ['completed', 'failed'],
      },
    },
  ],
};
