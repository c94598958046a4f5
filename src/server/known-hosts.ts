import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Whether the management API and the dashboard are served under a host, as a `Host` header names it. */
export type KnowsHost = (host: string | undefined) => boolean;

/** The value with which an operator allows every name, if a proxy in front of the server checks them. */
const everyName = '*';

/**
 * Knows the names that this server is meant to be called by. A page of somebody else can have its own name resolve to
 * this machine (DNS rebinding); the browser then takes the server for the page's own, and only the name tells. What no
 * such page can have stays allowed: addresses, and `localhost`. So does a request without a host: no browser sends one.
 *
 * @param listening the host that the server binds to
 * @param baseUrl where it is reached from outside
 * @param allowed further names, such as those that a proxy passes on; `*` for all
 */
export function knownHosts(
  listening: string,
  baseUrl: string | undefined,
  allowed: readonly string[],
): KnowsHost {
  if (allowed.includes(everyName)) return () => true;
  const outside = baseUrl === undefined ? [] : [new URL(baseUrl).host];
  const names = new Set(['localhost', hostname(), listening, ...outside, ...allowed].map(nameOf));
  return (host) => {
    if (host === undefined) return true;
    const name = nameOf(host);
    return names.has(name) || name.endsWith('.localhost') || isIP(name) !== 0;
  };
}

/** Without the port and the brackets of an IPv6 address, in lower case. */
function nameOf(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host) ?? [];
  return (bracketed ?? plain ?? host).toLowerCase().replace(/\.$/, '');
}
