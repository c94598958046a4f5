import type {
  CreateEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  SourceAccessConfiguration,
} from '@aws-sdk/client-lambda';
import { groupIdOf } from '../../../connectors/kafka/inbound-config.ts';
import { inboundOnAwsOf } from '../../../connectors/kafka/on-aws.ts';
import type { Connector } from '../../../core/connectors/connector.ts';

/** Where a deployment's event source mappings are made, and what all of them have in common. */
export interface MappingPlaces {
  /** Of the function that takes messages, without a qualifier. */
  readonly functionArn: string;
  /** Gets the coordinates of batches that the function could not take. */
  readonly onFailureArn: string;
  /** Mappings of one group share their pollers, which are what costs. */
  readonly pollerGroup: string;
  /** Where self-managed brokers are reached; none where they are public. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Connectors whose mappings are part of the stack: only whether they read may be changed here. */
  readonly deployedIds: readonly string[];
}

/** Tag of every mapping that is not in the stack's template, with the connector's id. */
export const connectorTag = 'agent-connectors:connector';

/** Messages of one batch: some 100 transactions side by side. */
const batchSize = 100;

/**
 * As many tries as Lambda can make: an outage must lose nothing. Where it is asked for endless ones, it makes ten as soon
 * as there is a destination for failures (Lambda developer guide, "Configuring error handling controls for Kafka").
 */
const retryAttempts = 10_000;

/** Fewest and most pollers of one mapping; each carries several MB a second. */
export const pollers = { MinimumPollers: 1, MaximumPollers: 10 };

/** Messages that cannot be taken now come again; the mapping tells how it goes. */
export const errorHandling = {
  BatchSize: batchSize,
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: retryAttempts,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
} satisfies Partial<CreateEventSourceMappingCommandInput>;

/** The alias by which a connector's mapping calls the function: the event itself names no mapping. */
export function aliasArn({ functionArn }: MappingPlaces, connectorId: string): string {
  return `${functionArn}:${connectorId}`;
}

/** The mapping that a connector's configuration asks for; its topic, its source and its group cannot be changed later. */
export function wantedMapping(
  places: MappingPlaces,
  connector: Connector,
  access: SourceAccessConfiguration[],
): CreateEventSourceMappingCommandInput {
  const {
    topic,
    cluster_arn: clusterArn,
    bootstrap_servers: servers = '',
    auto_offset_reset: reset,
  } = inboundOnAwsOf(connector);
  const group = { ConsumerGroupId: groupIdOf(connector) };
  const source =
    clusterArn === undefined
      ? {
          SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: serverList(servers) } },
          SelfManagedKafkaEventSourceConfig: group,
        }
      : { EventSourceArn: clusterArn, AmazonManagedKafkaEventSourceConfig: group };
  return {
    FunctionName: aliasArn(places, connector.id),
    Topics: [topic],
    StartingPosition: reset === 'earliest' ? 'TRIM_HORIZON' : 'LATEST',
    ...source,
    ...(access.length === 0 ? {} : { SourceAccessConfigurations: access }),
    ...errorHandling,
    DestinationConfig: { OnFailure: { Destination: places.onFailureArn } },
    ProvisionedPollerConfig: { ...pollers, PollerGroupName: places.pollerGroup },
    Tags: { [connectorTag]: connector.id },
  };
}

/**
 * Whether a mapping reads what is wanted: the same topic of the same source, as the same group, in the same way: one that
 * no longer has a password would otherwise keep the old one.
 */
export function readsTheSame(
  mapping: EventSourceMappingConfiguration,
  wanted: CreateEventSourceMappingCommandInput,
): boolean {
  return identityOf(mapping) === identityOf(wanted);
}

function identityOf(
  mapping: Pick<
    EventSourceMappingConfiguration,
    | 'Topics'
    | 'EventSourceArn'
    | 'SelfManagedEventSource'
    | 'AmazonManagedKafkaEventSourceConfig'
    | 'SelfManagedKafkaEventSourceConfig'
    | 'SourceAccessConfigurations'
  >,
): string {
  const { Topics, EventSourceArn, SelfManagedEventSource: servers, SourceAccessConfigurations } = mapping;
  const access = (SourceAccessConfigurations ?? []).map(({ Type }) => Type).sort();
  const group = mapping.AmazonManagedKafkaEventSourceConfig ?? mapping.SelfManagedKafkaEventSourceConfig;
  const endpoints = servers?.Endpoints?.['KAFKA_BOOTSTRAP_SERVERS'] ?? [];
  return JSON.stringify([Topics, EventSourceArn ?? null, endpoints, group?.ConsumerGroupId, access]);
}

function serverList(servers: string): string[] {
  return servers.split(',').map((server) => server.trim());
}
