import type { SourceAccessConfiguration } from '@aws-sdk/client-lambda';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type InboundOnAws, inboundOnAwsOf } from '../../../connectors/kafka/on-aws.ts';
import type { Connector } from '../../../core/connectors/connector.ts';
import { callAws, isAwsError } from '../store/aws-errors.ts';
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
  const content = { credentials: { username, password }, certificate: { certificate } };
  const access = networkOf(places, config);
  for (const kind of kindsOf(connector)) {
    const name = secretName(places, connector.id, kind);
    const URI = await putSecret(await client(), name, JSON.stringify(content[kind]));
    access.push({
      Type: kind === 'credentials' ? authenticationOf(config) : 'SERVER_ROOT_CA_CERTIFICATE',
      URI,
    });
  }
  return access;
}

/**
 * Removes the secrets of a connector that nothing reads any more; those that there are not are none to be removed.
 *
 * @param reading the connector as its mapping reads now; `null` where none does
 */
export async function removeAccess(
  client: SecretsManagerClient,
  places: AccessPlaces,
  connectorId: string,
  reading: Connector | null,
): Promise<void> {
  const { DeleteSecretCommand } = await import('@aws-sdk/client-secrets-manager');
  const used = reading === null ? [] : kindsOf(reading);
  for (const kind of secretKinds.filter((one) => !used.includes(one))) {
    const SecretId = secretName(places, connectorId, kind);
    try {
      await callAws(client.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })));
    } catch (thrown) {
      if (!isAwsError(thrown, 'ResourceNotFoundException')) throw thrown;
    }
  }
}

/** The secrets that a mapping of this connector reads. */
function kindsOf(connector: Connector): SecretKind[] {
  const { username, ca_certificate: certificate } = inboundOnAwsOf(connector);
  const content = { credentials: username, certificate };
  return secretKinds.filter((kind) => content[kind] !== undefined);
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
