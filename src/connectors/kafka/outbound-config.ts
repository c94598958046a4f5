import { z } from 'zod';
import type { Connector } from '../../core/connector.ts';
import type { ModeDescription } from '../../core/connector-type.ts';
import { outboundFilterFields } from '../../core/outbound-filter.ts';
import { parseOnce } from '../../core/parse-once.ts';
import { checkSasl, connectionFields, topicName } from './connection-config.ts';

const outboundFields = z.strictObject({
  ...connectionFields,
  topic: topicName.meta({ title: 'Topic', description: 'Where every ended run is written to.' }),
  ...outboundFilterFields,
});

export type OutboundConfig = z.infer<typeof outboundFields>;

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export function outboundConfigOf(connector: Connector): OutboundConfig {
  return parsed(connector.config);
}

const parsed = parseOnce((config): OutboundConfig => outboundFields.parse(config));

export const outboundMode: ModeDescription = {
  summary: 'Writes every ended run to a topic, acknowledged by all in-sync replicas.',
  config: outboundFields.superRefine(checkSasl),
  samples: [
    {
      title: 'Results to a topic',
      config: { bootstrap_servers: 'localhost:9092', topic: 'agent-results' },
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
