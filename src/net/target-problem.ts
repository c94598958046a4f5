import { isIP } from 'node:net';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { addressKind, isInRanges } from './address-kind.ts';

/** What may be connected to, and how. */
export interface Egress {
  readonly privateTargets: PrivateTargets;
  /** Plain HTTP reaches public addresses only where every private target is allowed. */
  readonly isPlainHttp?: boolean;
}

const noPlainHttp =
  'The target does not use https, and ALLOW_PRIVATE_TARGETS does not allow plain http to it.';

/**
 * Why a URL can never be connected to, as far as can be told without looking its host up; `null` where it may be.
 *
 * @param url a valid one; its host may be written in every notation that URLs have for addresses (127.1, 0x7f000001)
 */
export function targetProblem(url: string, privateTargets: PrivateTargets): string | null {
  const { protocol, username, password, hostname } = new URL(url);
  const isPlainHttp = protocol === 'http:';
  if (protocol !== 'https:' && !(isPlainHttp && privateTargets !== false)) return noPlainHttp;
  if (username !== '' || password !== '') return 'The target URL contains a user name or password.';
  return problemOfAddresses('The target has', knownAddresses(hostname), { privateTargets, isPlainHttp });
}

/**
 * Why a host can never be connected to, as far as can be told without looking it up; `null` where it may be.
 *
 * @param host a name or an address, an IPv6 one with or without brackets
 */
export function hostProblem(host: string, privateTargets: PrivateTargets): string | null {
  return problemOfAddresses(`The host "${host}" has`, knownAddresses(host), { privateTargets });
}

/** Why one of these addresses is not connected to. @param subject begins the sentence: "The target has" */
export function problemOfAddresses(
  subject: string,
  addresses: readonly string[],
  { privateTargets, isPlainHttp = false }: Egress,
): string | null {
  const ofKind = Map.groupBy(addresses, addressKind);
  if (ofKind.has('special')) {
    return `${subject} a special-purpose address, which is always blocked.`;
  }
  if (!(ofKind.get('private') ?? []).every((address) => isAllowed(address, privateTargets))) {
    return `${subject} a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.`;
  }
  return isPlainHttp && ofKind.has('public') && privateTargets !== true ? noPlainHttp : null;
}

function isAllowed(address: string, privateTargets: PrivateTargets): boolean {
  return typeof privateTargets === 'boolean' ? privateTargets : isInRanges(address, privateTargets);
}

/**
 * The addresses that a host has whatever a resolver says; none for the usual name.
 *
 * @param host addresses in their usual notation, as the URL parser gives them
 */
function knownAddresses(host: string): readonly string[] {
  const name = host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (isIP(name) !== 0) return [name];
  if (metadataNames.has(name)) return ['169.254.169.254'];
  return loopbackNames.has(name) || name.endsWith('.localhost') ? ['127.0.0.1'] : [];
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
