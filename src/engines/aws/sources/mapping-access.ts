import type { SourceAccessConfiguration } from '@aws-sdk/client-lambda';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type InboundOnAws, inboundOnAwsOf } from '../../../connectors/kafka/on-aws.ts';
import type { Connector } from '../../../core/connector.ts';
import { callAws, isAwsError } from '../aws-errors.ts';
import type { MappingPlaces } from './wanted-mapping.ts';

/** Where the secrets are kept that event sources read: the only ones that are not sealed in the table. */
export interface AccessPlaces {
  /** Names begin with it; who may write secrets may write those. */
  readonly secretPrefix: string;
}

/** Each in a secret of its own: Lambda wants them apart. */
const secretKinds = ['credentials', 'certificate'] as const;
type SecretKind = (typeof secretKinds)[number];

/**
 * How a mapping reaches its brokers and proves who it is. What Lambda reads from Secrets Manager is written there.
 *
 * @param password of the connector's secrets
 */
export async function mappingAccess(
  client: () => Promise<SecretsManagerClient>,
  places: AccessPlaces & Pick<MappingPlaces, 'subnetIds' | 'securityGroupIds'>,
  connector: Connector,
  password: string | undefined,
): Promise<SourceAccessConfiguration[]> {
  const config = inboundOnAwsOf(connector);
  const { username, ca_certificate: certificate } = config;
  const access = networkOf(places, config);
  const put = async (kind: SecretKind, content: object) =>
    putSecret(await client(), secretName(places, connector.id, kind), JSON.stringify(content));
  if (username !== undefined) {
    access.push({ Type: authenticationOf(config), URI: await put('credentials', { username, password }) });
  }
  if (certificate !== undefined) {
    access.push({ Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: await put('certificate', { certificate }) });
  }
  return access;
}

/** Removes the secrets of a connector; those that there are not are none to be removed. */
export async function removeAccess(
  client: SecretsManagerClient,
  places: AccessPlaces,
  connectorId: string,
): Promise<void> {
  const { DeleteSecretCommand } = await import('@aws-sdk/client-secrets-manager');
  for (const kind of secretKinds) {
    const SecretId = secretName(places, connectorId, kind);
    try {
      await callAws(client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })));
    } catch (thrown) {
      if (!isAwsError(thrown, 'ResourceNotFoundException')) throw thrown;
    }
  }
}

function networkOf(
  { subnetIds, securityGroupIds }: Pick<MappingPlaces, 'subnetIds' | 'securityGroupIds'>,
  { cluster_arn: clusterArn }: InboundOnAws,
): SourceAccessConfiguration[] {
  // Lambda finds the network of an MSK cluster by itself.
  if (clusterArn !== undefined) return [];
  return [
    ...subnetIds.map((id) => ({ Type: 'VPC_SUBNET', URI: `subnet:${id}` }) as const),
    ...securityGroupIds.map((id) => ({ Type: 'VPC_SECURITY_GROUP', URI: `security_group:${id}` }) as const),
  ];
}

function authenticationOf({ sasl_mechanism: mechanism }: InboundOnAws) {
  switch (mechanism) {
    case 'SCRAM-SHA-256':
      return 'SASL_SCRAM_256_AUTH';
    case 'SCRAM-SHA-512':
      return 'SASL_SCRAM_512_AUTH';
    default:
      return 'BASIC_AUTH';
  }
}

function secretName({ secretPrefix }: AccessPlaces, connectorId: string, kind: SecretKind): string {
  return `${secretPrefix}${connectorId}/${kind}`;
}

/** @returns the secret's ARN */
async function putSecret(client: SecretsManagerClient, Name: string, SecretString: string): Promise<string> {
  const { CreateSecretCommand, PutSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  try {
    const Description = 'Agent Connectors: read by the event source of a Kafka connector.';
    const made = await callAws(client.send(new CreateSecretCommand({ Name, SecretString, Description })));
    return made.ARN ?? '';
  } catch (thrown) {
    if (!isAwsError(thrown, 'ResourceExistsException')) throw thrown;
    const put = await callAws(client.send(new PutSecretValueCommand({ SecretId: Name, SecretString })));
    return put.ARN ?? '';
  }
}
