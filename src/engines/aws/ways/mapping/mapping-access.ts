import type { SourceAccessConfiguration, SourceAccessType } from '@aws-sdk/client-lambda';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AccessName, accessNames, type MappedSource } from '../../../../core/connectors/ways.ts';
import { callAws, isAwsError } from '../../store/aws-errors.ts';

/**
 * How event sources reach their servers, and where their secrets are: the only secrets that are not sealed in the
 * table.
 */
export interface AccessConfig {
  /** Prefix of the secrets' names, to which the permission to write them is limited. */
  readonly secretPrefix: string;
  /** The network from which self-managed servers are reached; empty if they are public. */
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** How a mapping reaches its source and authenticates. Writes the secrets that Lambda reads to Secrets Manager. */
export async function mappingAccess(
  client: () => Promise<SecretsManagerClient>,
  places: AccessConfig,
  connectorId: string,
  { access, inNetwork }: MappedSource,
): Promise<SourceAccessConfiguration[]> {
  const configured = inNetwork ? networkOf(places) : [];
  for (const { type, name, content } of access) {
    const secret = secretName(places, connectorId, name);
    const URI = await putSecret(await client(), secret, JSON.stringify(content));
    configured.push({ Type: type as SourceAccessType, URI });
  }
  return configured;
}

/**
 * Removes a connector's secrets that no mapping reads any more; missing ones are no error.
 *
 * @param used those that its mapping still reads
 */
export async function removeAccess(
  client: SecretsManagerClient,
  places: AccessConfig,
  connectorId: string,
  used: readonly AccessName[] = [],
): Promise<void> {
  const { DeleteSecretCommand } = await import('@aws-sdk/client-secrets-manager');
  for (const name of accessNames.filter((one) => !used.includes(one))) {
    const SecretId = secretName(places, connectorId, name);
    try {
      await callAws(client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })));
    } catch (thrown) {
      if (!isAwsError(thrown, 'ResourceNotFoundException')) throw thrown;
    }
  }
}

function networkOf({ subnetIds, securityGroupIds }: AccessConfig): SourceAccessConfiguration[] {
  return [
    ...subnetIds.map((id) => ({ Type: 'VPC_SUBNET', URI: `subnet:${id}` }) as const),
    ...securityGroupIds.map((id) => ({ Type: 'VPC_SECURITY_GROUP', URI: `security_group:${id}` }) as const),
  ];
}

function secretName({ secretPrefix }: AccessConfig, connectorId: string, name: AccessName): string {
  return `${secretPrefix}${connectorId}/${name}`;
}

/** @returns the secret's ARN */
async function putSecret(client: SecretsManagerClient, Name: string, SecretString: string): Promise<string> {
  const { CreateSecretCommand, PutSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  try {
    const Description = 'Agent Connectors: read by the event source of a connector.';
    const made = await callAws(client.send(new CreateSecretCommand({ Name, SecretString, Description })));
    return made.ARN ?? '';
  } catch (thrown) {
    if (!isAwsError(thrown, 'ResourceExistsException')) throw thrown;
    const put = await callAws(client.send(new PutSecretValueCommand({ SecretId: Name, SecretString })));
    return put.ARN ?? '';
  }
}
