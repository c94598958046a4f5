import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { type Egress, problemOfAddresses, targetProblem } from './target-problem.ts';

export const blockedCode = 'BLOCKED_TARGET';

/** The product does not connect to this target. The message is a sentence for the operator. */
export class BlockedTarget extends Error {
  override readonly name = 'BlockedTarget';
  /** Identifies the error if a library keeps only its code and message. */
  readonly code = blockedCode;
}

/**
 * Refuses targets that can be refused without a lookup of the host.
 *
 * @throws BlockedTarget
 */
export function checkTarget(url: string, privateTargets: PrivateTargets): void {
  const problem = targetProblem(url, privateTargets);
  if (problem !== null) throw new BlockedTarget(problem);
}

/** Returns every address of a host name. */
type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A lookup for sockets that returns a host's addresses only if all of them are allowed. The socket connects to the
 * checked addresses, even if the name resolves to others a moment later.
 */
export function guardedLookup(egress: Egress, resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      // Check every address, not only the one that would be tried first.
      const addresses = found.map(({ address }) => address);
      const problem = problemOfAddresses(`The host name "${hostname}" resolves to`, addresses, egress);
      if (problem !== null) return callback(new BlockedTarget(problem), []);
      return options.all === true
        ? callback(null, found)
        : callback(null, found[0]?.address ?? '', found[0]?.family);
    });
  };
}
