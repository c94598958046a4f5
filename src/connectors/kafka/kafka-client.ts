import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { brokerSockets, brokerTargets } from './broker-sockets.ts';
import { knowCompression } from './compression.ts';
import type { ConnectionConfig } from './connection-config.ts';

/** Timeouts for a broker, in ms. */
const connectionTimeoutMs = 5_000;
const requestTimeoutMs = 15_000;

/** Quick retries of one request. Callers of the client wait longer between their own retries. */
const retry = { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 };

/**
 * A client of one cluster, not yet connected.
 *
 * @param allowed private addresses that its brokers may use; others fail with a `BlockedTarget`
 */
export function kafkaClient(
  connection: ConnectionConfig,
  password: string | undefined,
  allowed: PrivateTargets,
): Kafka {
  knowCompression();
  return new Kafka({
    clientId: 'agent-connectors',
    brokers: brokersOf(connection),
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry,
    socketFactory: brokerSockets(brokerTargets(connection, allowed)),
    // Errors are thrown or reported by events and appear in the connector's state; the client's log would repeat them.
    logLevel: logLevel.NOTHING,
    ...encryptionOf(connection),
    ...saslOf(connection, password),
  });
}

function brokersOf(connection: ConnectionConfig): KafkaConfig['brokers'] {
  const { cluster_arn: clusterArn, bootstrap_servers: servers = '' } = connection;
  if (clusterArn === undefined) return servers.split(',').map((server) => server.trim());
  return async () => (await import('./msk.ts')).clusterBrokers(clusterArn, connection);
}

function encryptionOf(connection: ConnectionConfig): Pick<KafkaConfig, 'ssl'> {
  if (!connection.security_protocol.endsWith('SSL')) return {};
  return { ssl: connection.ca_certificate === undefined ? {} : { ca: connection.ca_certificate } };
}

function saslOf(connection: ConnectionConfig, password = ''): { sasl?: SASLOptions } {
  const { sasl_mechanism: mechanism, username = '', cluster_arn: clusterArn = '' } = connection;
  if (!connection.security_protocol.startsWith('SASL_')) return {};
  switch (mechanism) {
    case 'IAM': {
      const oauthBearerProvider = async () => (await import('./msk.ts')).iamToken(clusterArn);
      return { sasl: { mechanism: 'oauthbearer', oauthBearerProvider } };
    }
    case 'SCRAM-SHA-256':
      return { sasl: { mechanism: 'scram-sha-256', username, password } };
    case 'SCRAM-SHA-512':
      return { sasl: { mechanism: 'scram-sha-512', username, password } };
    default:
      return { sasl: { mechanism: 'plain', username, password } };
  }
}
