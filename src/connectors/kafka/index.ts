import * as z from 'zod';
import type {
  ConnectionKind,
  ConnectorType,
  DeployedWays,
  ModeDescription,
  Modes,
} from '../../core/connectors/connector-type.ts';
import type { ListenContext, Listening } from '../../core/connectors/listening.ts';
import { closedIfUsed } from '../../providers/close-if-used.ts';
import { checkInbound, checkOutbound, inboundOnAws, outboundOnAws } from './aws-config.ts';
import { brokerProblems, checkSasl, clusterFields, connectionFields } from './connection-config.ts';
import { probe, topicEndpoint } from './connection-mode.ts';
import { inboundFields } from './inbound-config.ts';
import { consumerInstructions } from './instructions.ts';
import { type KafkaRecord, keptRecord } from './kafka-record.ts';
import { mapping } from './mapping.ts';
import { outboundMode } from './outbound-config.ts';
import { describe, type KafkaMessage, message, prepare } from './prepare.ts';
import { receive } from './receive.ts';

function listen(context: ListenContext<KafkaRecord>): Listening {
  // The first connector that reads loads the client, so other processes start without it.
  const listening = import('./listen.ts').then((module) => module.listen(context));
  return {
    stop: async () => (await listening).stop(),
    backlog: async () => (await (await listening).backlog?.()) ?? null,
  };
}

/** Reads with its own consumer on the embedded engine and with Lambda's on AWS. */
const inboundMode: ModeDescription<KafkaRecord> = {
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

/** One cluster, as one user. */
const cluster: ConnectionKind = {
  name: 'kafka',
  title: 'Kafka cluster',
  summary: 'The address of a Kafka cluster and credentials for it, shared by connectors of all its topics.',
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
const clusterOnAws: ConnectionKind = {
  ...cluster,
  config: z.strictObject({ ...connectionFields, ...clusterFields }).superRefine(checkOutbound),
  // Connectors check the brokers: Lambda reaches those of inbound ones from the deployment's subnets.
  problems: () => [],
};

const msk = {
  cluster_arn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-1',
  security_protocol: 'SASL_SSL',
  sasl_mechanism: 'IAM',
};

const inbound: ModeDescription<KafkaRecord> = {
  ...inboundMode,
  // Lambda's pollers connect to these brokers, from the subnets that the deployment names.
  problems: () => [],
  config: inboundOnAws.superRefine(checkInbound),
  samples: [{ title: 'Messages of an MSK cluster', config: { ...msk, topic: 'orders' } }],
};

const outbound: ModeDescription<KafkaRecord> = {
  ...outboundMode,
  config: outboundOnAws.superRefine(checkOutbound),
  samples: [{ title: 'Results to an MSK cluster', config: { ...msk, topic: 'agent-results' } }],
};

/** Refuses connectors that the deployment would never read, and says what to change. */
const unreadInbound: ModeDescription<KafkaRecord> = {
  ...inbound,
  config: inboundOnAws.superRefine((_config, context) => {
    const message = 'This deployment cannot read Kafka. Deploy it with the setting kafka=true.';
    context.addIssue({ code: 'custom', path: ['topic'], message });
  }),
};

/** Kafka in a deployment on AWS: adds MSK clusters and IAM, and excludes what Lambda's event sources do not support. */
export function modesOnAws(deployed: DeployedWays): Modes<KafkaRecord> {
  return { inbound: deployed.has('mapping') ? inbound : unreadInbound, outbound };
}

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
  ...closedIfUsed<KafkaMessage>({
    send: async (message, context) => (await import('./send.ts')).send(message, context),
    close: async () => (await import('./producers.ts')).closeProducers(),
  }),
  // Concurrent sends share requests; the store takes the rest of a delivery's time.
  sendsAtATime: 256,
};
