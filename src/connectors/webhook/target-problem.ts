import { isIP } from 'node:net';
import { type AddressKind, addressKind } from './target-address.ts';

/**
 * Why a URL can never be delivered to, as far as can be told without looking its host up; `null` where it may be.
 *
 * @param url a valid one; its host may be written in every notation that URLs have for addresses (127.1, 0x7f000001)
 */
export function targetProblem(url: string, allowPrivateTargets: boolean): string | null {
  const { protocol, username, password, hostname } = new URL(url);
  if (protocol !== 'https:' && !(protocol === 'http:' && allowPrivateTargets)) {
    return 'The target is not https, and plain http is not allowed here.';
  }
  if (username !== '' || password !== '') return 'The target URL has a user name or password in it.';
  return problemOfKinds('The target has', [kindOfHost(hostname)], allowPrivateTargets);
}

/** Why addresses of these kinds are not connected to. @param subject begins the sentence: "The target has" */
export function problemOfKinds(
  subject: string,
  kinds: readonly AddressKind[],
  allowPrivateTargets: boolean,
): string | null {
  if (kinds.includes('special')) {
    return `${subject} an address in special-purpose space, which is never connected to.`;
  }
  if (kinds.includes('private') && !allowPrivateTargets) {
    return `${subject} a loopback or private address, which is not allowed here.`;
  }
  return null;
}

/** @param hostname as the URL parser gives it: in lower case, addresses in their usual notation */
function kindOfHost(hostname: string): AddressKind {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return addressKind(host);
  if (metadataNames.has(host)) return 'special';
  return loopbackNames.has(host) || host.endsWith('.localhost') ? 'private' : 'public';
}

/** Names that mean this machine (RFC 6761, section 6.3, and what distributions write into /etc/hosts). */
const loopbackNames = new Set([
  'localhost',
  'localhost.localdomain',
  'localhost4',
  'localhost6',
  'localhost6.localdomain6',
  'ip6-localhost',
  'ip6-loopback',
]);

/** Names under which clouds give out credentials to their machines. */
const metadataNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'instance-data',
  'instance-data.ec2.internal',
]);
