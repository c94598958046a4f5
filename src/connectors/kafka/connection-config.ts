import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import type { FieldProblem } from '../../core/field-problem.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { caCertificate } from '../../net/connection-fields.ts';
import { hostProblem } from '../../net/target-guard.ts';

export const securityProtocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
export const saslMechanisms = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'] as const;

/** `host:port`, separated by commas, with IPv6 addresses in brackets. */
const serverList = /^\s*(\[[\da-f:]+\]|[\w.-]+):\d{1,5}(\s*,\s*(\[[\da-f:]+\]|[\w.-]+):\d{1,5})*\s*$/i;

/** The protocols that authenticate with SASL, and those that encrypt with TLS. */
const withSasl = ['SASL_PLAINTEXT', 'SASL_SSL'];
const withTls = ['SSL', 'SASL_SSL'];

const bootstrapServers = z.string().max(4_096).regex(serverList, 'must be host:port, separated by commas');

/** Also accepts lists, which clients in other languages use. */
const textOrList = (value: unknown): unknown => (Array.isArray(value) ? value.join(',') : value);

/** How to reach and log in to a cluster; shared by consumers and producers. */
export const connectionFields = {
  bootstrap_servers: z.preprocess(textOrList, bootstrapServers).meta({
    title: 'Bootstrap servers',
    description:
      'One or more brokers as host:port, separated by commas. Confluent Cloud: Cluster settings. Amazon MSK: View client information.',
    examples: ['broker-1:9092,broker-2:9092'],
  }),
  security_protocol: z.enum(securityProtocols).default('PLAINTEXT').meta({
    title: 'Security protocol',
    description: 'SSL encrypts the connection; SASL requires a user name and a password.',
  }),
  sasl_mechanism: z
    .enum(saslMechanisms)
    .exactOptional()
    .meta({
      title: 'SASL mechanism',
      description: 'How to authenticate, if the security protocol uses SASL.',
      when: { security_protocol: withSasl },
      needed: true,
    }),
  username: z
    .string()
    .min(1)
    .max(1_024)
    .exactOptional()
    .meta({
      title: 'User name',
      description: 'Required with SASL. Confluent Cloud: the key under API keys.',
      when: { security_protocol: withSasl },
      needed: true,
    }),
  password: z
    .string()
    .min(1)
    .max(4_096)
    .exactOptional()
    .meta({
      title: 'Password',
      description: 'Required with SASL. Stored as a secret.',
      secret: true,
      when: { security_protocol: withSasl },
      needed: true,
    }),
  ca_certificate: caCertificate.exactOptional().meta({
    title: 'CA certificate',
    description: "In PEM format, if your own authority issued the brokers' certificates.",
    when: { security_protocol: withTls },
  }),
};

/** A topic's name (org.apache.kafka.common.internals.Topic). */
export const topicName = z
  .string()
  .regex(/^(?!\.{1,2}$)[\w.-]{1,249}$/, 'letters, digits, dots, hyphens, and underscores, at most 249');

/** A role uses neither user name nor password. */
const withPassword = { security_protocol: withSasl, sasl_mechanism: [...saslMechanisms] };

/** Replaces the servers for an Amazon MSK cluster, where the process can authenticate with its role. */
export const clusterFields = {
  cluster_arn: z
    .string()
    .regex(/^arn:aws[\w-]*:kafka:[\w-]+:\d{12}:cluster\/[\w-]+\/[\w-]+$/, 'must be the ARN of an MSK cluster')
    .exactOptional()
    .meta({
      title: 'MSK cluster',
      description: 'ARN of an Amazon MSK cluster, instead of servers.',
      examples: ['arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b2c3d-1'],
    }),
  bootstrap_servers: connectionFields.bootstrap_servers.exactOptional(),
  sasl_mechanism: z
    .enum([...saslMechanisms, 'IAM'])
    .exactOptional()
    .meta({
      title: 'SASL mechanism',
      description:
        "How to authenticate, if the security protocol uses SASL. IAM uses the function's role, with MSK.",
      when: { security_protocol: withSasl },
      needed: true,
    }),
  username: connectionFields.username.meta({ when: withPassword }),
  password: connectionFields.password.meta({ when: withPassword }),
};

const connection = z.object({ ...connectionFields, ...clusterFields });

export type ConnectionConfig = z.infer<typeof connection>;

/** The connection part of a configuration. Connectors with equal parts can share a connection. */
export const connectionOf = parseOnce((config): ConnectionConfig => connection.parse(config));

/** Collects the problems of checks that span several fields. */
export interface Issues {
  addIssue(issue: { code: 'custom'; path: string[]; message: string }): void;
}

const saslFields = ['sasl_mechanism', 'username', 'password'] as const;

/**
 * Requires a mechanism and credentials for SASL, and refuses a password that would not be used. A role has neither name
 * nor password.
 */
export function checkSasl(config: ConnectionConfig, context: Issues): void {
  for (const field of saslFields) {
    const message = saslProblem(field, config);
    if (message !== null) context.addIssue({ code: 'custom', path: [field], message });
  }
}

function saslProblem(field: (typeof saslFields)[number], config: ConnectionConfig): string | null {
  const { security_protocol: protocol, sasl_mechanism: mechanism } = config;
  const isGiven = config[field] !== undefined;
  if (mechanism === 'IAM' && field !== 'sasl_mechanism') return isGiven ? 'cannot be used with IAM' : null;
  const isSasl = protocol.startsWith('SASL_');
  if (isSasl === isGiven) return null;
  return isSasl
    ? `is required with ${protocol}`
    : 'requires the security protocol SASL_SSL or SASL_PLAINTEXT';
}

/** Reports configured brokers that the system never connects to, without a DNS lookup. */
export function brokerProblems(config: JsonObject, { allowPrivateTargets }: AllowedTargets): FieldProblem[] {
  const { bootstrap_servers: servers = '' } = connectionOf(config);
  return servers
    .split(',')
    .map((server) => hostProblem(server.trim().replace(/:\d+$/, ''), allowPrivateTargets))
    .filter((message) => message !== null)
    .map((message) => ({ field: 'bootstrap_servers', message }));
}
