import { type LookupAddress, lookup } from 'node:dns';
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
  if (isIP(host) !== 0) checkAddresses([host], allowPrivateTargets);
}

/** Connects only to addresses that it has checked: what the name resolves to is looked up once, here. */
export function guardedConnector(allowPrivateTargets: boolean): buildConnector.connector {
  return buildConnector({ allowH2: false, lookup: guardedLookup(allowPrivateTargets) });
}

function guardedLookup(allowPrivateTargets: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      try {
        checkAddresses(
          addresses.map(({ address }) => address),
          allowPrivateTargets,
        );
      } catch (thrown) {
        return callback(thrown instanceof Error ? thrown : new Error(String(thrown)), []);
      }
      return options.all === true ? callback(null, addresses) : answerOne(addresses, callback);
    });
  };
}

/** Every address has to be allowed, not only the one that would be tried first. @throws BlockedTarget */
function checkAddresses(addresses: readonly string[], allowPrivateTargets: boolean): void {
  const kinds = addresses.map(addressKind);
  if (kinds.includes('special')) {
    throw new BlockedTarget(
      'The target has an address in special-purpose space, which is never connected to.',
    );
  }
  if (kinds.includes('private') && !allowPrivateTargets) {
    throw new BlockedTarget('The target has a loopback or private address, which is not allowed here.');
  }
}

function answerOne(addresses: readonly LookupAddress[], callback: Parameters<LookupFunction>[2]): void {
  const [first] = addresses;
  if (first === undefined) callback(new Error('The host name has no address.'), []);
  else callback(null, first.address, first.family);
}
