import type { ISocketFactory } from 'kafkajs';
import type { PrivateTargets } from '../../core/connectors/private-targets.ts';
import { guardedConnect } from '../../net/guarded-connect.ts';
import type { ConnectionConfig } from './connection-config.ts';

/** As the client's own sockets: what rests between two messages is not forgotten on the way. */
const keepAliveMs = 60_000;

/** Where the brokers of MSK are: private networks of VPCs, those of secondary ranges included, and never this machine. */
const vpcRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/**
 * The private addresses at which the brokers of a connection may be. AWS names those of an MSK cluster, which are
 * always private; all others are as the operator allows.
 */
export function brokerTargets({ cluster_arn }: ConnectionConfig, allowed: PrivateTargets): PrivateTargets {
  if (cluster_arn === undefined || allowed === true) return allowed;
  return [...vpcRanges, ...(allowed === false ? [] : allowed)];
}

/**
 * Connects a client to brokers that the product may connect to, whether a configuration names them or other brokers do
 * (`advertised.listeners`).
 */
export function brokerSockets(privateTargets: PrivateTargets): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const tls = typeof ssl === 'object' ? ssl : null;
    const socket = guardedConnect({ host, port, tls }, privateTargets);
    socket.once(tls === null ? 'connect' : 'secureConnect', onConnect);
    return socket.setKeepAlive(true, keepAliveMs);
  };
}
