import type {
  CreateEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  SourceAccessConfiguration,
} from '@aws-sdk/client-lambda';
import type { MappedSource, MappingWay } from '../../../../core/connectors/ways.ts';
import { PermanentError } from '../../../../core/errors.ts';
import { jsonObject } from '../../../../core/json/json-value.ts';
import type { AccessPlaces } from './mapping-access.ts';

/** Where a deployment's event source mappings are made, and what all of them have in common. */
export interface MappingPlaces {
  /** Of the function that takes messages, without a qualifier. */
  readonly functionArn: string;
  /** Connectors whose mappings are part of the stack: only whether they read may be changed here. */
  readonly deployedIds: readonly string[];
  /** `null` where the deployment reads no streams; mappings of queues need none of it. */
  readonly streams: StreamPlaces | null;
}

/** What mappings of streams have in common. */
export interface StreamPlaces extends AccessPlaces {
  /** Gets the coordinates of batches that the function could not take. */
  readonly onFailureArn: string;
  /** Mappings of one group share their pollers, which are what costs. */
  readonly pollerGroup: string;
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

/** The mapping that a connector's configuration asks for; most of it cannot be changed later. */
export function wantedMapping(
  places: MappingPlaces,
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

/** @throws PermanentError where the deployment reads no streams */
export function streamsOf({ streams }: MappingPlaces): StreamPlaces {
  if (streams === null) throw new PermanentError('no-streams', unreadSource);
  return streams;
}

/** Why the source of a connector is not read that an earlier deployment has made. */
export const unreadSource =
  'This deployment no longer reads what the connector names: deploy it with the settings that have it read.';

function ofStreams({ onFailureArn, pollerGroup }: StreamPlaces) {
  return {
    ...errorHandling,
    DestinationConfig: { OnFailure: { Destination: onFailureArn } },
    ProvisionedPollerConfig: { ...pollers, PollerGroupName: pollerGroup },
  };
}

/** A queue counts the tries and has dead letters by itself. How many messages a batch has, its connector says. */
const ofQueues = {
  BatchSize: errorHandling.BatchSize,
  FunctionResponseTypes: errorHandling.FunctionResponseTypes,
};

/**
 * Whether a mapping reads what is wanted, in the same way: one that no longer has a password would otherwise keep the old
 * one.
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
