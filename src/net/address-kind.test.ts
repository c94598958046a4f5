import { describe, expect, test } from '@jest/globals';
import { addressKind, isInRanges } from './target-guard.ts';

describe('an address that the product connects to', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('%s is public', (address) => {
    expect(addressKind(address)).toBe('public');
  });
});

describe('an address that only the operator may allow', () => {
  test.each([
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.255.255.254'],
    ['loopback, IPv6', '::1'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['unique local', 'fd12:3456::1'],
    ['loopback, mapped', '::ffff:127.0.0.1'],
    ['loopback, mapped and in hex', '::ffff:7f00:1'],
    ['private by NAT64', '64:ff9b::10.0.0.1'],
  ])('%s: %s is private', (_what, address) => {
    expect(addressKind(address)).toBe('private');
  });
});

describe('an address that is never connected to', () => {
  test.each([
    ['this network', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['link-local', '169.254.0.1'],
    ['cloud metadata', '169.254.169.254'],
    ['cloud metadata, mapped', '::ffff:169.254.169.254'],
    ['cloud metadata by NAT64', '64:ff9b::a9fe:a9fe'],
    ['Alibaba metadata, in carrier-grade NAT space', '100.100.100.200'],
    ['Alibaba metadata, mapped', '::ffff:100.100.100.200'],
    ['AWS metadata, in unique local space', 'fd00:ec2::254'],
    ['AWS metadata, written in full', 'fd00:0ec2:0:0:0:0:0:0254'],
    ['credentials of EKS pods, in unique local space', 'fd00:ec2::23'],
    ['Google Cloud metadata, in unique local space', 'fd20:ce::254'],
    ["Azure's platform endpoint", '168.63.129.16'],
    ['IETF protocol assignments (Oracle metadata)', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['benchmarking', '198.18.0.1'],
    ['6to4 relays', '192.88.99.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified, IPv6', '::'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['IPv4-compatible of a public one', '::8.8.8.8'],
    ['IPv4-translated', '::ffff:0:8.8.8.8'],
    ['NAT64 of local use', '64:ff9b:1::1'],
    ['discard-only', '100::1'],
    ['link-local, IPv6', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast, IPv6', 'ff02::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['benchmarking, IPv6', '2001:2::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation, IPv6', '2001:db8::1'],
    ['documentation, IPv6', '3fff::1'],
    ['6to4 of a private address', '2002:0a00:0001::1'],
    ['6to4 of a public address', '2002:808:808::1'],
    ['segment routing', '5f00::1'],
    ['not given out yet', '4000::1'],
    ['no address at all', 'localhost'],
    ['nothing', ''],
  ])('%s: %s is special', (_what, address) => {
    expect(addressKind(address)).toBe('special');
  });
});

describe('a list of address ranges', () => {
  const ranges = ['10.0.0.0/8', '192.168.7.0/24', 'fd12::/16'];

  test.each(['10.255.0.1', '192.168.7.255', 'fd12:3456::1', '::ffff:10.0.0.1', '64:ff9b::a00:1'])(
    'holds %s',
    (address) => {
      expect(isInRanges(address, ranges)).toBe(true);
    },
  );

  test.each(['11.0.0.1', '192.168.8.1', 'fd13::1', '127.0.0.1', '::1', 'localhost', ''])(
    'does not hold "%s"',
    (address) => {
      expect(isInRanges(address, ranges)).toBe(false);
    },
  );

  test('holds nothing where it is empty', () => {
    expect(isInRanges('10.0.0.1', [])).toBe(false);
  });
});
