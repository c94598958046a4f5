import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { addressKind } from './target-address.ts';
import { problemOfKinds, targetProblem } from './target-problem.ts';

/** The target is one that the product does not connect to. The message is a sentence for the operator. */
export class BlockedTarget extends Error {
  override readonly name = 'BlockedTarget';
}

/**
 * Refuses what can be refused without looking the host up.
 *
 * @throws BlockedTarget
 */
export function checkTarget(url: string, allowPrivateTargets: boolean): void {
  const problem = targetProblem(url, allowPrivateTargets);
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
export function guardedLookup(allowPrivateTargets: boolean, resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      // Every address has to be allowed, not only the one that would be tried first.
      const kinds = found.map(({ address }) => addressKind(address));
      const problem = problemOfKinds(`The host name "${hostname}" resolves to`, kinds, allowPrivateTargets);
      if (problem !== null) return callback(new BlockedTarget(problem), []);
      return options.all === true
        ? callback(null, found)
        : callback(null, found[0]?.address ?? '', found[0]?.family);
    });
  };
}
