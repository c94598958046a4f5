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
  // AWS and Google Cloud over IPv6, in unique local space.
  'fd00:ec2::254',
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
  if (ipv4Compatible.test(address) || !ipaddr.isValid(address)) return 'special';
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv4 ? kindOfIpv4(parsed) : kindOfIpv6(parsed);
}

function kindOfIpv4(address: ipaddr.IPv4): AddressKind {
  if (metadataAddresses.has(address.toString())) return 'special';
  return kindOfRange(address.range());
}

function kindOfIpv6(address: ipaddr.IPv6): AddressKind {
  if (address.isIPv4MappedAddress()) return kindOfIpv4(address.toIPv4Address());
  if (address.match(wellKnownNat64)) return kindOfIpv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  if (metadataAddresses.has(address.toString())) return 'special';
  const kind = kindOfRange(address.range());
  // What the registry has not given out yet is reserved.
  return kind === 'public' && !address.match(globalUnicast) ? 'special' : kind;
}

function kindOfRange(range: string): AddressKind {
  if (range === 'unicast') return 'public';
  return privateRanges.has(range) ? 'private' : 'special';
}
