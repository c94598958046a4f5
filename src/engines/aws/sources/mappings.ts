import type {
  CreateEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  LambdaClient,
  SourceAccessConfiguration,
} from '@aws-sdk/client-lambda';
import { groupIdOf } from '../../../connectors/kafka/inbound-config.ts';
import { inboundOnAwsOf } from '../../../connectors/kafka/on-aws.ts';
import type { Connector } from '../../../core/connector.ts';
import { RetryableError } from '../../../core/errors.ts';
import { callAws, isAwsError } from '../aws-errors.ts';

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

/** The mapping of a connector; `null` where there is none. */
export async function findMapping(
  client: LambdaClient,
  places: MappingPlaces,
  connectorId: string,
): Promise<EventSourceMappingConfiguration | null> {
  const { ListEventSourceMappingsCommand } = await import('@aws-sdk/client-lambda');
  const FunctionName = aliasArn(places, connectorId);
  const found = await unlessMissing(client.send(new ListEventSourceMappingsCommand({ FunctionName })));
  return found?.EventSourceMappings?.find(({ FunctionArn }) => FunctionArn === FunctionName) ?? null;
}

/** Ids of the connectors that have an alias of the function, and so had a mapping. */
export async function connectorIdsOf(client: LambdaClient, places: MappingPlaces): Promise<string[]> {
  const { paginateListAliases } = await import('@aws-sdk/client-lambda');
  const ids: string[] = [];
  for await (const { Aliases = [] } of paginateListAliases(
    { client },
    { FunctionName: places.functionArn },
  )) {
    ids.push(...Aliases.flatMap(({ Name }) => Name ?? []));
  }
  return ids;
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

/** Whether a mapping reads what is wanted: the same topic of the same source, as the same group. */
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
  >,
): string {
  const { Topics, EventSourceArn, SelfManagedEventSource: servers } = mapping;
  const group = mapping.AmazonManagedKafkaEventSourceConfig ?? mapping.SelfManagedKafkaEventSourceConfig;
  const endpoints = servers?.Endpoints?.['KAFKA_BOOTSTRAP_SERVERS'] ?? [];
  return JSON.stringify([Topics, EventSourceArn ?? null, endpoints, group?.ConsumerGroupId]);
}

/** Makes the alias and the mapping; reading begins some minutes later. */
export async function createMapping(
  client: LambdaClient,
  places: MappingPlaces,
  connectorId: string,
  wanted: CreateEventSourceMappingCommandInput,
): Promise<void> {
  const { CreateAliasCommand, CreateEventSourceMappingCommand } = await import('@aws-sdk/client-lambda');
  const alias = { FunctionName: places.functionArn, Name: connectorId, FunctionVersion: '$LATEST' };
  await unlessConflicting(client.send(new CreateAliasCommand(alias)));
  await whenSettled(client.send(new CreateEventSourceMappingCommand(wanted)));
}

/**
 * Changes what can be changed of a mapping: whether it reads, and how it proves who it is. Where there is something to
 * prove it is always told anew: a password may have changed behind the same name of a secret.
 */
export async function updateMapping(
  client: LambdaClient,
  mapping: EventSourceMappingConfiguration,
  wanted: Pick<CreateEventSourceMappingCommandInput, 'SourceAccessConfigurations'>,
  Enabled: boolean,
): Promise<void> {
  const { UpdateEventSourceMappingCommand } = await import('@aws-sdk/client-lambda');
  const { SourceAccessConfigurations: access } = wanted;
  const reads = mapping.State === 'Enabled' || mapping.State === 'Enabling' || mapping.State === 'Creating';
  if (access === undefined && reads === Enabled) return;
  const change = { UUID: mapping.UUID, Enabled };
  const command = new UpdateEventSourceMappingCommand(
    access === undefined ? change : { ...change, SourceAccessConfigurations: access },
  );
  await whenSettled(client.send(command));
}

/** Begins to remove a mapping; one that is gone is none to be removed. */
export async function deleteMapping(
  client: LambdaClient,
  { UUID, State }: EventSourceMappingConfiguration,
): Promise<void> {
  if (State === 'Deleting') return;
  const { DeleteEventSourceMappingCommand } = await import('@aws-sdk/client-lambda');
  await unlessMissing(whenSettled(client.send(new DeleteEventSourceMappingCommand({ UUID }))));
}

export async function deleteAlias(
  client: LambdaClient,
  { functionArn: FunctionName }: MappingPlaces,
  Name: string,
): Promise<void> {
  const { DeleteAliasCommand } = await import('@aws-sdk/client-lambda');
  await unlessMissing(client.send(new DeleteAliasCommand({ FunctionName, Name })));
}

function serverList(servers: string): string[] {
  return servers.split(',').map((server) => server.trim());
}

/** A mapping takes minutes from one state to the next, and takes no change meanwhile. */
async function whenSettled<Answer>(call: Promise<Answer>): Promise<Answer> {
  try {
    return await callAws(call);
  } catch (thrown) {
    if (!isAwsError(thrown, 'ResourceInUseException') && !isAwsError(thrown, 'ResourceConflictException')) {
      throw thrown;
    }
    throw new RetryableError('The event source is still being changed by AWS.', { cause: thrown });
  }
}

async function unlessMissing<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await callAws(call);
  } catch (thrown) {
    if (isAwsError(thrown, 'ResourceNotFoundException')) return null;
    throw thrown;
  }
}

async function unlessConflicting<Answer>(call: Promise<Answer>): Promise<Answer | null> {
  try {
    return await callAws(call);
  } catch (thrown) {
    if (isAwsError(thrown, 'ResourceConflictException')) return null;
    throw thrown;
  }
}
