import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import type { MappedAccess, MappedEvents, MappingWay } from '../../core/connectors/ways.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { type InboundOnAws, inboundOnAwsOf } from './aws-config.ts';
import { groupIdOf } from './inbound-config.ts';
import { chainOf, type KafkaRecord } from './kafka-record.ts';

/** Lambda's event sources for Amazon MSK and for self-managed servers. */
export const mapping: MappingWay<KafkaRecord> = {
  source(connector, { password }) {
    const config = inboundOnAwsOf(connector);
    return {
      kind: 'stream',
      parameters: {
        Topics: [config.topic],
        StartingPosition: config.auto_offset_reset === 'earliest' ? 'TRIM_HORIZON' : 'LATEST',
        ...sourceOf(connector, config),
      },
      access: accessOf(config, password),
      // Lambda finds the network of an MSK cluster itself.
      inNetwork: config.cluster_arn === undefined,
    };
  },
  identityOf,
  events: (invocation) => Object.values(kafkaEvent.parse(invocation).records).flatMap(partitionOf),
};

function sourceOf(connector: Connector, config: InboundOnAws): JsonObject {
  const { cluster_arn: clusterArn, bootstrap_servers: servers = '' } = config;
  const group = { ConsumerGroupId: groupIdOf(connector) };
  if (clusterArn !== undefined) {
    return { EventSourceArn: clusterArn, AmazonManagedKafkaEventSourceConfig: group };
  }
  return {
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: serverList(servers) } },
    SelfManagedKafkaEventSourceConfig: group,
  };
}

function serverList(servers: string): string[] {
  return servers.split(',').map((server) => server.trim());
}

function accessOf(config: InboundOnAws, password: string | undefined): MappedAccess[] {
  const { username, ca_certificate: certificate } = config;
  return [
    ...(username === undefined
      ? []
      : [
          {
            name: 'credentials' as const,
            type: authenticationOf(config),
            content: { username, ...(password === undefined ? {} : { password }) },
          },
        ]),
    ...(certificate === undefined
      ? []
      : [{ name: 'certificate' as const, type: 'SERVER_ROOT_CA_CERTIFICATE', content: { certificate } }]),
  ];
}

function authenticationOf({ sasl_mechanism: mechanism }: InboundOnAws): string {
  switch (mechanism) {
    case 'SCRAM-SHA-256':
      return 'SASL_SCRAM_256_AUTH';
    case 'SCRAM-SHA-512':
      return 'SASL_SCRAM_512_AUTH';
    default:
      return 'BASIC_AUTH';
  }
}

const group = z.object({ ConsumerGroupId: z.string().optional() }).optional();

const identifying = z.object({
  Topics: z.array(z.string()).optional(),
  EventSourceArn: z.string().optional(),
  SelfManagedEventSource: z
    .object({ Endpoints: z.record(z.string(), z.array(z.string())).optional() })
    .optional(),
  AmazonManagedKafkaEventSourceConfig: group,
  SelfManagedKafkaEventSourceConfig: group,
});

/** Mappings are the same if topic, source, and group are equal. */
function identityOf(mapping: JsonObject): string {
  const found = identifying.parse(mapping);
  const { ConsumerGroupId: groupId } =
    found.AmazonManagedKafkaEventSourceConfig ?? found.SelfManagedKafkaEventSourceConfig ?? {};
  const endpoints = found.SelfManagedEventSource?.Endpoints?.['KAFKA_BOOTSTRAP_SERVERS'] ?? [];
  return JSON.stringify([found.Topics, found.EventSourceArn ?? null, endpoints, groupId]);
}

/** Lambda omits fields that a message lacks. Every envelope decodes, so no message is refused for its envelope. */
const bytes = z
  .string()
  .nullish()
  .transform((text) => (text == null ? null : Buffer.from(text, 'base64')));

const record = z
  .object({
    topic: z.string(),
    partition: z.number(),
    offset: z.number(),
    timestamp: z.number().default(-1),
    key: bytes,
    value: bytes,
    /** One entry per header, with the bytes of its value. */
    headers: z.array(z.record(z.string(), z.array(z.number()))).default([]),
  })
  .transform(
    ({ timestamp, offset, headers, ...own }): KafkaRecord => ({
      ...own,
      ...chainOf(headers.map((header) => header[chainHeader]).find((value) => value !== undefined)),
      offset: String(offset),
      timestampMs: timestamp,
    }),
  );

/**
 * The records that both kinds of event sources pass, by `topic-partition` (Lambda developer guide, "Using Lambda with
 * Amazon MSK" and "... with self-managed Apache Kafka").
 */
const kafkaEvent = z.object({ records: z.record(z.string(), z.array(record)) });

/** If a message of a partition cannot be taken now, Lambda sends the partition's messages again from the first. */
function partitionOf(events: readonly KafkaRecord[]): MappedEvents<KafkaRecord>[] {
  const [first] = events;
  if (first === undefined) return [];
  const { topic, partition, offset } = first;
  const itemIdentifiers = [{ partition: `${topic}-${partition}`, offset: Number(offset) }];
  return [{ events, itemIdentifiers, place: { topic, partition, offset } }];
}
