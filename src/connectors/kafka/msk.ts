import type { GetBootstrapBrokersCommandOutput } from '@aws-sdk/client-kafka';
import type { OauthbearerProviderResponse } from 'kafkajs';
import type { ConnectionConfig } from './connection-config.ts';

export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/**
 * The brokers of an MSK cluster for the given security settings.
 *
 * @throws Error where the cluster does not accept these settings; an error of the SDK where the request fails
 */
export async function clusterBrokers(clusterArn: string, connection: ConnectionConfig): Promise<string[]> {
  const { GetBootstrapBrokersCommand, KafkaClient } = await import('@aws-sdk/client-kafka');
  const client = new KafkaClient({ region: regionOf(clusterArn), maxAttempts: 3 });
  const answer = await client.send(new GetBootstrapBrokersCommand({ ClusterArn: clusterArn }));
  const brokers = answer[fieldOf(connection)];
  if (brokers === undefined)
    throw new Error(`The cluster does not accept connections with ${wayOf(connection)}`);
  return brokers.split(',');
}

/** A token that authenticates the process with its role for some minutes. */
export async function iamToken(clusterArn: string): Promise<OauthbearerProviderResponse> {
  const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js');
  const { token } = await generateAuthToken({ region: regionOf(clusterArn) });
  return { value: token };
}

function fieldOf({ security_protocol: protocol, sasl_mechanism: mechanism }: ConnectionConfig) {
  if (mechanism === 'IAM') return 'BootstrapBrokerStringSaslIam' satisfies Field;
  if (mechanism !== undefined) return 'BootstrapBrokerStringSaslScram' satisfies Field;
  return protocol === 'SSL'
    ? ('BootstrapBrokerStringTls' satisfies Field)
    : ('BootstrapBrokerString' satisfies Field);
}

type Field = keyof GetBootstrapBrokersCommandOutput;

function wayOf({ security_protocol: protocol, sasl_mechanism: mechanism }: ConnectionConfig): string {
  return mechanism ?? protocol;
}
