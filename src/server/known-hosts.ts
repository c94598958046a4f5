import { isIP } from 'node:net';
import { hostname } from 'node:os';

/** Whether the management API and the dashboard are served under the host of a `Host` header. */
export type KnowsHost = (host: string | undefined) => boolean;

/** The value with which an operator allows every name, if a proxy in front of the server checks them. */
const everyName = '*';

/**
 * Knows the host names of this server. An attacker's page can make its own name resolve to this machine (DNS
 * rebinding); the browser then treats the server as the page's own, and only the host name shows the difference. Always
 * allowed are hosts that no such page can have (addresses, `localhost`), and requests without a host: browsers send it.
 *
 * @param listening the host that the server binds to
 * @param baseUrl its public URL
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

/** Removes the port and the brackets of an IPv6 address; lower case. */
function nameOf(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host) ?? [];
  return (bracketed ?? plain ?? host).toLowerCase().replace(/\.$/, '');
}
