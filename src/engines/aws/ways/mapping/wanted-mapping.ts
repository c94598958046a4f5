import type {
  CreateEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  SourceAccessConfiguration,
} from '@aws-sdk/client-lambda';
import type { MappedSource, MappingWay } from '../../../../core/connectors/ways.ts';
import { PermanentError } from '../../../../core/errors.ts';
import { jsonObject } from '../../../../core/json/json-value.ts';
import type { AccessConfig } from './mapping-access.ts';

/** Where a deployment's event source mappings are created, and what all of them share. */
export interface MappingConfig {
  /** ARN of the function that takes messages, without a qualifier. */
  readonly functionArn: string;
  /** Connectors whose mappings are part of the stack: only whether they read may change here. */
  readonly deployedIds: readonly string[];
  /** `null` if the deployment reads no streams; mappings of queues do not need it. */
  readonly streams: StreamConfig | null;
}

/** What mappings of streams share. */
export interface StreamConfig extends AccessConfig {
  /** Receives the coordinates of batches that the function could not take. */
  readonly onFailureArn: string;
  /** Mappings of one group share their pollers, which determine the cost. */
  readonly pollerGroup: string;
}

/** Tag of every mapping outside the stack's template; its value is the connector's id. */
export const connectorTag = 'agent-connectors:connector';

/** Messages of one batch: about 100 concurrent transactions. */
const batchSize = 100;

/**
 * As many retries as Lambda allows: an outage must lose nothing. With unlimited retries, Lambda makes only ten if there
 * is a destination for failures (Lambda developer guide, "Configuring error handling controls for Kafka").
 */
const retryAttempts = 10_000;

/** Minimum and maximum pollers of one mapping; each handles several MB a second. */
export const pollers = { MinimumPollers: 1, MaximumPollers: 10 };

/** Messages that cannot be taken now are retried, and the mapping reports the errors. */
export const errorHandling = {
  BatchSize: batchSize,
  BisectBatchOnFunctionError: true,
  MaximumRetryAttempts: retryAttempts,
  FunctionResponseTypes: ['ReportBatchItemFailures'],
} satisfies Partial<CreateEventSourceMappingCommandInput>;

/** The alias by which a connector's mapping calls the function: the event itself names no mapping. */
export function aliasArn({ functionArn }: MappingConfig, connectorId: string): string {
  return `${functionArn}:${connectorId}`;
}

/** The mapping for a connector's configuration; most of it cannot be changed later. */
export function wantedMapping(
  places: MappingConfig,
  connectorId: string,
  { kind, parameters }: MappedSource,
  access: SourceAccessConfiguration[],
): CreateEventSourceMappingCommandInput {
  return {
    FunctionName: aliasArn(places, connectorId),
    ...(kind === 'stream' ? ofStreams(streamsOf(places)) : ofQueues),
    ...parameters,
    ...(access.length === 0 ? {} : { SourceAccessConfigurations: access }),
    Tags: { [connectorTag]: connectorId },
  };
}

/** @throws PermanentError if the deployment reads no streams */
export function streamsOf({ streams }: MappingConfig): StreamConfig {
  if (streams === null) throw new PermanentError('no-streams', unreadSource);
  return streams;
}

/** Why the source of a connector from an earlier deployment is not read. */
export const unreadSource =
  'This deployment no longer reads the source of this connector. Deploy it with the settings that name this source.';

function ofStreams({ onFailureArn, pollerGroup }: StreamConfig) {
  return {
    ...errorHandling,
    DestinationConfig: { OnFailure: { Destination: onFailureArn } },
    ProvisionedPollerConfig: { ...pollers, PollerGroupName: pollerGroup },
  };
}

/** A queue counts receives and has dead letters itself. The connector may set its own batch size. */
const ofQueues = {
  BatchSize: errorHandling.BatchSize,
  FunctionResponseTypes: errorHandling.FunctionResponseTypes,
};

/**
 * Whether a mapping reads the wanted source in the same way. A mapping that no longer needs a password is replaced,
 * because an update would keep the old one.
 */
export function readsTheSame(
  way: MappingWay<unknown>,
  mapping: EventSourceMappingConfiguration,
  wanted: CreateEventSourceMappingCommandInput,
): boolean {
  return identityOf(way, mapping) === identityOf(way, wanted);
}

function identityOf(
  way: MappingWay<unknown>,
  mapping: EventSourceMappingConfiguration | CreateEventSourceMappingCommandInput,
): string {
  const access = (mapping.SourceAccessConfigurations ?? []).map(({ Type }) => Type).sort();
  const { LastModified: _modified, ...parameters } = { LastModified: null, ...mapping };
  return JSON.stringify([way.identityOf(jsonObject.parse(parameters)), access]);
}
