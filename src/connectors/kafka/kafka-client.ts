import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs, { type ISocketFactory, Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import snappyCodec from 'kafkajs-snappy';
import { compress, decompress } from 'lz4js';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { guardedConnect } from '../../net/guarded-connect.ts';
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

/** Same as the client's own sockets: keeps network devices from dropping connections between messages. */
const keepAliveMs = 60_000;

/** Where MSK brokers can be: private networks of VPCs, including secondary ranges, but never this machine. */
const vpcRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/**
 * The private addresses that a connection's brokers may use. AWS names the brokers of an MSK cluster, which are always
 * private; the operator decides about all others.
 */
export function brokerTargets({ cluster_arn }: ConnectionConfig, allowed: PrivateTargets): PrivateTargets {
  if (cluster_arn === undefined || allowed === true) return allowed;
  return [...vpcRanges, ...(allowed === false ? [] : allowed)];
}

/**
 * Connects a client only to permitted brokers, whether a configuration or another broker (`advertised.listeners`) names
 * them.
 */
function brokerSockets(privateTargets: PrivateTargets): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const tls = typeof ssl === 'object' ? ssl : null;
    const socket = guardedConnect({ host, port, tls }, privateTargets);
    socket.once(tls === null ? 'connect' : 'secureConnect', onConnect);
    return socket.setKeepAlive(true, keepAliveMs);
  };
}

const { CompressionCodecs, CompressionTypes } = kafkajs;

interface Encoder {
  readonly buffer: Buffer;
}

const [zstd, unzstd] = [promisify(zstdCompress), promisify(zstdDecompress)];

const zstdCodec = () => ({
  compress: ({ buffer }: Encoder) => zstd(buffer),
  decompress: (buffer: Buffer) => unzstd(buffer),
});

const lz4Codec = () => ({
  compress: async ({ buffer }: Encoder) => Buffer.from(compress(buffer)),
  decompress: async (buffer: Buffer) => Buffer.from(decompress(buffer)),
});

/**
 * Registers the codecs of Snappy, LZ4, and Zstandard; the client already supports gzip. Repeated calls change nothing.
 */
function knowCompression(): void {
  Object.assign(CompressionCodecs, {
    [CompressionTypes.Snappy]: snappyCodec,
    [CompressionTypes.LZ4]: lz4Codec,
    [CompressionTypes.ZSTD]: zstdCodec,
  });
}
