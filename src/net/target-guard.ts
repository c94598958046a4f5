import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { type Egress, problemOfAddresses, targetProblem } from './target-problem.ts';

export const blockedCode = 'BLOCKED_TARGET';

/** The target is one that the product does not connect to. The message is a sentence for the operator. */
export class BlockedTarget extends Error {
  override readonly name = 'BlockedTarget';
  /** What is left of the error where a library keeps only its code and message. */
  readonly code = blockedCode;
}

/**
 * Refuses what can be refused without looking the host up.
 *
 * @throws BlockedTarget
 */
export function checkTarget(url: string, privateTargets: PrivateTargets): void {
  const problem = targetProblem(url, privateTargets);
  if (problem !== null) throw new BlockedTarget(problem);
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
export function guardedLookup(egress: Egress, resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      // Every address has to be allowed, not only the one that would be tried first.
      const addresses = found.map(({ address }) => address);
      const problem = problemOfAddresses(`The host name "${hostname}" resolves to`, addresses, egress);
      if (problem !== null) return callback(new BlockedTarget(problem), []);
      return options.all === true
        ? callback(null, found)
        : callback(null, found[0]?.address ?? '', found[0]?.family);
    });
  };
}
