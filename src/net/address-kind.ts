import ipaddr from 'ipaddr.js';

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
