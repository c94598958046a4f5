import type {
  CreateEventSourceMappingCommandInput,
  EventSourceMappingConfiguration,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { RetryableError } from '../../../../core/errors.ts';
import { callAws, isAwsError } from '../../store/aws-errors.ts';
import { aliasArn, type MappingConfig } from './wanted-mapping.ts';

/** The mapping of a connector; `null` if there is none. */
export async function findMapping(
  client: LambdaClient,
  places: MappingConfig,
  connectorId: string,
): Promise<EventSourceMappingConfiguration | null> {
  const { ListEventSourceMappingsCommand } = await import('@aws-sdk/client-lambda');
  const FunctionName = aliasArn(places, connectorId);
  const found = await unlessMissing(client.send(new ListEventSourceMappingsCommand({ FunctionName })));
  return found?.EventSourceMappings?.find(({ FunctionArn }) => FunctionArn === FunctionName) ?? null;
}

/** Ids of the connectors that have an alias of the function, and therefore had a mapping. */
export async function connectorIdsOf(client: LambdaClient, places: MappingConfig): Promise<string[]> {
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

/** Creates the alias and the mapping; reading starts some minutes later. */
export async function createMapping(
  client: LambdaClient,
  places: MappingConfig,
  connectorId: string,
  wanted: CreateEventSourceMappingCommandInput,
): Promise<void> {
  const { CreateAliasCommand, CreateEventSourceMappingCommand } = await import('@aws-sdk/client-lambda');
  const alias = { FunctionName: places.functionArn, Name: connectorId, FunctionVersion: '$LATEST' };
  await unlessConflicting(client.send(new CreateAliasCommand(alias)));
  await whenSettled(client.send(new CreateEventSourceMappingCommand(wanted)));
}

/**
 * Updates what a mapping allows to change: whether it reads, the batch size, and the authentication. Authentication is
 * always sent if there is any: a password may have changed behind the same secret name.
 */
export async function updateMapping(
  client: LambdaClient,
  mapping: EventSourceMappingConfiguration,
  wanted: Pick<CreateEventSourceMappingCommandInput, 'SourceAccessConfigurations' | 'BatchSize'>,
  Enabled: boolean,
): Promise<void> {
  const { UpdateEventSourceMappingCommand } = await import('@aws-sdk/client-lambda');
  const { SourceAccessConfigurations: access, BatchSize = mapping.BatchSize } = wanted;
  const reads = mapping.State === 'Enabled' || mapping.State === 'Enabling' || mapping.State === 'Creating';
  if (access === undefined && reads === Enabled && BatchSize === mapping.BatchSize) return;
  const change = { UUID: mapping.UUID, Enabled, BatchSize };
  const command = new UpdateEventSourceMappingCommand(
    access === undefined ? change : { ...change, SourceAccessConfigurations: access },
  );
  await whenSettled(client.send(command));
}

/** Starts removing a mapping; a missing one is no error. */
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
  { functionArn: FunctionName }: MappingConfig,
  Name: string,
): Promise<void> {
  const { DeleteAliasCommand } = await import('@aws-sdk/client-lambda');
  await unlessMissing(client.send(new DeleteAliasCommand({ FunctionName, Name })));
}

/** A mapping takes minutes to change state and accepts no change in the meantime. */
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
