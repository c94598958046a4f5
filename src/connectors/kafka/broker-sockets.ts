import type { ISocketFactory } from 'kafkajs';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { guardedConnect } from '../../net/guarded-connect.ts';
import type { ConnectionConfig } from './connection-config.ts';

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
export function brokerSockets(privateTargets: PrivateTargets): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const tls = typeof ssl === 'object' ? ssl : null;
    const socket = guardedConnect({ host, port, tls }, privateTargets);
    socket.once(tls === null ? 'connect' : 'secureConnect', onConnect);
    return socket.setKeepAlive(true, keepAliveMs);
  };
}
