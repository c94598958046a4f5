import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';

/** Code of an error for a target that no setting allows. */
export const alwaysBlockedCode = 'TARGET_BLOCKED';

/** The same for a target that a setting would allow. */
const notAllowedCode = 'TARGET_NOT_ALLOWED';

/** Codes that identify a `BlockedTarget` if a library keeps only its code and message. */
export const blockedCodes: ReadonlySet<unknown> = new Set([alwaysBlockedCode, notAllowedCode]);

/** Why a target is blocked. */
interface Block {
  /** A sentence for the operator. */
  readonly message: string;
  /** Whether no setting allows the target. Otherwise the product may connect to it after its next start. */
  readonly isFinal: boolean;
}

/** The product does not connect to this target. The message is a sentence for the operator. */
export class BlockedTarget extends Error implements Block {
  override readonly name = 'BlockedTarget';
  readonly code: string;
  readonly isFinal: boolean;

  constructor({ message, isFinal }: Block) {
    super(message);
    this.isFinal = isFinal;
    this.code = isFinal ? alwaysBlockedCode : notAllowedCode;
  }
}

/**
 * Refuses targets that can be refused without a lookup of the host.
 *
 * @throws BlockedTarget
 */
export function checkTarget(url: string, privateTargets: PrivateTargets): void {
  const block = blockOfUrl(url, privateTargets);
  if (block !== null) throw new BlockedTarget(block);
}

/** The error for a host that can be refused without a lookup; `null` if it may be allowed. See `hostProblem`. */
export function blockedHost(host: string, privateTargets: PrivateTargets): BlockedTarget | null {
  const block = blockOfHost(host, privateTargets);
  return block === null ? null : new BlockedTarget(block);
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
      const block = blockOfAddresses(`The host name "${hostname}" resolves to`, addresses, egress);
      if (block !== null) return callback(new BlockedTarget(block), []);
      return options.all === true
        ? callback(null, found)
        : callback(null, found[0]?.address ?? '', found[0]?.family);
    });
  };
}

/** What the product may connect to, and how. */
export interface Egress {
  readonly privateTargets: PrivateTargets;
  /** Plain HTTP to public addresses requires that every private target is allowed. */
  readonly isPlainHttp?: boolean;
}

const noPlainHttp: Block = {
  message: 'The target must use https. ALLOW_PRIVATE_TARGETS=1 allows plain http.',
  isFinal: false,
};

/**
 * Why a URL can never be connected to, as far as known without a lookup of its host; `null` if it may be.
 *
 * @param url a valid URL; its host may use any notation for addresses that URLs allow (127.1, 0x7f000001)
 */
export function targetProblem(url: string, privateTargets: PrivateTargets): string | null {
  return blockOfUrl(url, privateTargets)?.message ?? null;
}

function blockOfUrl(url: string, privateTargets: PrivateTargets): Block | null {
  const { protocol, username, password, hostname } = new URL(url);
  const isPlainHttp = protocol === 'http:';
  if (protocol !== 'https:' && !isPlainHttp) return { message: 'The target must use https.', isFinal: true };
  if (username !== '' || password !== '') {
    return { message: 'The target URL contains a user name or password.', isFinal: true };
  }
  const block = blockOfAddresses('The target has', knownAddresses(hostname), { privateTargets, isPlainHttp });
  if (block?.isFinal !== true && isPlainHttp && privateTargets === false) return noPlainHttp;
  return block;
}

/**
 * Why a host can never be connected to, as far as known without a lookup; `null` if it may be.
 *
 * @param host a name or an address; an IPv6 address with or without brackets
 */
export function hostProblem(host: string, privateTargets: PrivateTargets): string | null {
  return blockOfHost(host, privateTargets)?.message ?? null;
}

function blockOfHost(host: string, privateTargets: PrivateTargets): Block | null {
  return blockOfAddresses(`The host "${host}" has`, knownAddresses(host), { privateTargets });
}

/** Why one of these addresses is blocked; `null` if none is. @param subject begins the sentence: "The target has" */
function blockOfAddresses(
  subject: string,
  addresses: readonly string[],
  { privateTargets, isPlainHttp = false }: Egress,
): Block | null {
  const ofKind = Map.groupBy(addresses, addressKind);
  if (ofKind.has('special')) {
    return { message: `${subject} a special-purpose address, which is always blocked.`, isFinal: true };
  }
  if (!(ofKind.get('private') ?? []).every((address) => isAllowed(address, privateTargets))) {
    const message = `${subject} a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.`;
    return { message, isFinal: false };
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

/** How an outbound connection treats an address. */
export type AddressKind =
  | 'public'
  /** Loopback, private and carrier-grade NAT space: allowed only if the operator says so. */
  | 'private'
  /** Link-local and cloud metadata, multicast, documentation, reserved and similar: never allowed. */
  | 'special';

/** Addresses outside link-local space at which clouds give credentials and settings to their machines. */
const metadataAddresses = new Set([
  // Azure's platform endpoint, in public space (learn.microsoft.com, "What is IP address 168.63.129.16").
  '168.63.129.16',
  // Alibaba Cloud, in carrier-grade NAT space.
  '100.100.100.200',
  // AWS and Google Cloud over IPv6, in unique local space; EKS has its own address for the credentials of pods.
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
]);

const privateRanges = new Set(['loopback', 'private', 'carrierGradeNat', 'uniqueLocal']);

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const wellKnownNat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Deprecated. The library reads it like a mapped address. */
const ipv4Compatible = /^::\d+\.\d+\.\d+\.\d+$/;

/**
 * The kind of an IP address, by the IANA registries of special-purpose addresses. An IPv6 address that embeds an IPv4
 * address (mapped, or NAT64 with the well-known prefix) has the kind of that address.
 *
 * @param address as a resolver returns it; any other text counts as special
 */
export function addressKind(address: string): AddressKind {
  const meant = meantAddress(address);
  if (meant === null || metadataAddresses.has(meant.toString())) return 'special';
  const range = meant.range();
  if (privateRanges.has(range)) return 'private';
  if (range !== 'unicast') return 'special';
  // Space that the registry has not assigned yet is reserved.
  return meant instanceof ipaddr.IPv4 || meant.match(globalUnicast) ? 'public' : 'special';
}

/**
 * Whether an IP address is in one of the ranges. An IPv6 address that embeds an IPv4 address counts as that address.
 *
 * @param ranges in CIDR notation
 */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  const meant = meantAddress(address);
  return ranges.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return meant?.kind() === network.kind() && meant.match(network, bits);
  });
}

/** The address that a connection would reach: IPv4 for a mapped or NAT64 address; `null` if the text is invalid. */
function meantAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipv4Compatible.test(address) || !ipaddr.isValid(address)) return null;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed;
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address();
  return parsed.match(wellKnownNat64) ? new ipaddr.IPv4(parsed.toByteArray().slice(12)) : parsed;
}
