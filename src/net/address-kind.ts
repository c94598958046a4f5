import ipaddr from 'ipaddr.js';

/** What an address is to an outbound connection. */
export type AddressKind =
  | 'public'
  /** Loopback, private and carrier-grade NAT space: taken only where the operator allows it. */
  | 'private'
  /** Link-local and cloud metadata, multicast, documentation, reserved and the like: never taken. */
  | 'special';

/** Where clouds give out credentials and settings to their machines, outside link-local space. */
const metadataAddresses = new Set([
  // Azure's platform endpoint, in public space (learn.microsoft.com, "What is IP address 168.63.129.16").
  '168.63.129.16',
  // Alibaba Cloud, in carrier-grade NAT space.
  '100.100.100.200',
  // AWS and Google Cloud over IPv6, in unique local space; AWS gives credentials to pods of EKS at one of its own.
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
]);

const privateRanges = new Set(['loopback', 'private', 'carrierGradeNat', 'uniqueLocal']);

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const wellKnownNat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Deprecated, and read by the library as if it were mapped. */
const ipv4Compatible = /^::\d+\.\d+\.\d+\.\d+$/;

/**
 * The kind of an IP address, by the IANA registries of special-purpose addresses. An IPv6 address that stands for an
 * IPv4 one (mapped, or NAT64 by its well-known prefix) is of that one's kind.
 *
 * @param address as a resolver gives it; anything that is no address counts as special
 */
export function addressKind(address: string): AddressKind {
  const meant = meantAddress(address);
  if (meant === null || metadataAddresses.has(meant.toString())) return 'special';
  const range = meant.range();
  if (privateRanges.has(range)) return 'private';
  if (range !== 'unicast') return 'special';
  // What the registry has not given out yet is reserved.
  return meant instanceof ipaddr.IPv4 || meant.match(globalUnicast) ? 'public' : 'special';
}

/**
 * Whether an IP address is in one of the ranges; an IPv6 address that stands for an IPv4 one is where that one is.
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

/** The address that a connection would reach: the IPv4 one of a mapped or NAT64 address; `null` where it is none. */
function meantAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipv4Compatible.test(address) || !ipaddr.isValid(address)) return null;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed;
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address();
  return parsed.match(wellKnownNat64) ? new ipaddr.IPv4(parsed.toByteArray().slice(12)) : parsed;
}
