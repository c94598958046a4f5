import * as z from 'zod';
import type { ConnectionKind } from '../../core/connectors/connector-type.ts';
import { checkOutbound } from './aws-config.ts';
import { brokerProblems, checkSasl, clusterFields, connectionFields } from './connection-config.ts';

/** One cluster, as one user. */
export const cluster: ConnectionKind = {
  name: 'kafka',
  title: 'Kafka cluster',
  summary: 'A Kafka cluster and a user of it, for connectors of any of its topics.',
  config: z.strictObject(connectionFields).superRefine(checkSasl),
  problems: brokerProblems,
  probe: async (given, context) => (await import('./probe.ts')).probeCluster(given, context),
  samples: [
    {
      title: 'A cluster, with a password over TLS',
      config: {
        bootstrap_servers: 'broker-1.example.com:9096',
        security_protocol: 'SASL_SSL',
        sasl_mechanism: 'PLAIN',
        username: 'agents',
        password: 'a long password',
      },
    },
  ],
};

/** The same in a deployment on AWS, which can authenticate with its role. */
export const clusterOnAws: ConnectionKind = {
  ...cluster,
  config: z.strictObject({ ...connectionFields, ...clusterFields }).superRefine(checkOutbound),
  // Connectors check the brokers: Lambda reaches those of inbound ones from the deployment's subnets.
  problems: () => [],
};
