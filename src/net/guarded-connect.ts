import { connect, isIP, Socket } from 'node:net';
import * as tls from 'node:tls';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { blockedHost, guardedLookup } from './target-guard.ts';

/** A broker, mail server or database: a server that does not speak HTTP. */
export interface Peer {
  readonly host: string;
  readonly port: number;
  /** `null`: not encrypted. */
  readonly tls: tls.ConnectionOptions | null;
}

/**
 * Starts a TCP or TLS connection to a peer, only to checked addresses.
 *
 * @returns a socket that emits `connect` or `secureConnect`; or `error` with a `BlockedTarget` if the host, or an
 *   address that it resolves to, is not allowed
 */
export function guardedConnect({ host, port, tls: options }: Peer, privateTargets: PrivateTargets): Socket {
  const blocked = blockedHost(host, privateTargets);
  if (blocked !== null) return new Socket().destroy(blocked);
  const lookup = guardedLookup({ privateTargets });
  if (options === null) return connect({ host, port, lookup });
  return tls.connect({ servername: serverName(host), ...options, host, port, lookup });
}

/**
 * A socket for clients that call `connect` themselves, with port and host. It connects only to checked addresses, and
 * otherwise emits `error` with a `BlockedTarget`.
 */
export function guardedSocket(privateTargets: PrivateTargets): Socket {
  return new GuardedSocket(privateTargets);
}

class GuardedSocket extends Socket {
  readonly #privateTargets: PrivateTargets;

  constructor(privateTargets: PrivateTargets) {
    super();
    this.#privateTargets = privateTargets;
  }

  override connect(...[port, host]: readonly unknown[]): this {
    const name = String(host);
    const blocked = blockedHost(name, this.#privateTargets);
    if (blocked !== null) return this.destroy(blocked);
    const lookup = guardedLookup({ privateTargets: this.#privateTargets });
    return super.connect({ port: Number(port), host: name, lookup });
  }
}

/** Clients send no server name for addresses (RFC 6066, section 3). */
function serverName(host: string): string {
  return isIP(host) === 0 ? host : '';
}
