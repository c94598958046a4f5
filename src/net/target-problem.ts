import { isIP } from 'node:net';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { addressKind, isInRanges } from './address-kind.ts';

/** What the product may connect to, and how. */
export interface Egress {
  readonly privateTargets: PrivateTargets;
  /** Plain HTTP to public addresses requires that every private target is allowed. */
  readonly isPlainHttp?: boolean;
}

const noPlainHttp =
  'The target does not use https, and ALLOW_PRIVATE_TARGETS does not allow plain http to it.';

/**
 * Why a URL can never be connected to, as far as known without a lookup of its host; `null` if it may be.
 *
 * @param url a valid URL; its host may use any notation for addresses that URLs allow (127.1, 0x7f000001)
 */
export function targetProblem(url: string, privateTargets: PrivateTargets): string | null {
  const { protocol, username, password, hostname } = new URL(url);
  const isPlainHttp = protocol === 'http:';
  if (protocol !== 'https:' && !(isPlainHttp && privateTargets !== false)) return noPlainHttp;
  if (username !== '' || password !== '') return 'The target URL contains a user name or password.';
  return problemOfAddresses('The target has', knownAddresses(hostname), { privateTargets, isPlainHttp });
}

/**
 * Why a host can never be connected to, as far as known without a lookup; `null` if it may be.
 *
 * @param host a name or an address; an IPv6 address with or without brackets
 */
export function hostProblem(host: string, privateTargets: PrivateTargets): string | null {
  return problemOfAddresses(`The host "${host}" has`, knownAddresses(host), { privateTargets });
}

/** Why one of these addresses is blocked; `null` if none is. @param subject begins the sentence: "The target has" */
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
 * The addresses that a host has regardless of a resolver; none for most names.
 *
 * @param host addresses in their usual notation, as the URL parser returns them
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

/** Names of this machine (RFC 6761, section 6.3, and the /etc/hosts of Linux distributions). */
const loopbackNames = new Set([
  'localhost',
  'localhost.localdomain',
  'localhost4',
  'localhost6',
  'localhost6.localdomain6',
  'ip6-localhost',
  'ip6-loopback',
]);

/** Names at which clouds give credentials to their machines. */
const metadataNames = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'instance-data',
  'instance-data.ec2.internal',
]);
