import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { addressKind } from './target-address.ts';

/** The target is one that the product does not connect to. The message is a sentence for the operator. */
export class BlockedTarget extends Error {
  override readonly name = 'BlockedTarget';
}

/**
 * Refuses what can be refused without looking the host up.
 *
 * @throws BlockedTarget
 */
export function checkTarget(url: URL, allowPrivateTargets: boolean): void {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowPrivateTargets)) {
    throw new BlockedTarget('The target is not https, and plain http is not allowed here.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new BlockedTarget('The target URL has a user name or password in it.');
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const blocked = isIP(host) === 0 ? null : blockedBy([host], allowPrivateTargets);
  if (blocked !== null) throw blocked;
}

/** Connects only to addresses that it has checked: what the name resolves to is looked up once, here. */
export function guardedConnector(allowPrivateTargets: boolean): buildConnector.connector {
  return buildConnector({ allowH2: false, lookup: guardedLookup(allowPrivateTargets) });
}

/** Gives every address of a host name. */
type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A lookup for a socket that gives a host's addresses only where all of them are allowed: the socket connects to what
 * was checked here, whatever the name resolves to a moment later.
 */
export function guardedLookup(allowPrivateTargets: boolean, resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const blocked = blockedBy(
        found.map(({ address }) => address),
        allowPrivateTargets,
      );
      if (blocked !== null) return callback(blocked, []);
      return options.all === true
        ? callback(null, found)
        : callback(null, found[0]?.address ?? '', found[0]?.family);
    });
  };
}

/** Every address has to be allowed, not only the one that would be tried first. */
function blockedBy(addresses: readonly string[], allowPrivateTargets: boolean): BlockedTarget | null {
  const kinds = addresses.map(addressKind);
  if (kinds.includes('special')) {
    return new BlockedTarget(
      'The target has an address in special-purpose space, which is never connected to.',
    );
  }
  if (kinds.includes('private') && !allowPrivateTargets) {
    return new BlockedTarget('The target has a loopback or private address, which is not allowed here.');
  }
  return null;
}
