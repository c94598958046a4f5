import { describe, expect, test } from '@jest/globals';
import { hostProblem, targetProblem } from './target-guard.ts';

describe('a target outside', () => {
  test.each([
    'https://example.com/hooks',
    'https://1.1.1.1/',
    'https://[2606:4700::1]:8443/',
    'https://localhost.example.com/',
    'https://notlocalhost/',
  ])('%s may be delivered to', (url) => {
    expect(targetProblem(url, false)).toBeNull();
  });
});

describe('a target that only the operator may allow', () => {
  test.each([
    'http://example.com/',
    'https://localhost/',
    'https://LOCALHOST./',
    'https://hooks.localhost/',
    'https://ip6-localhost/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0x7f.0.0.1./',
    'https://%31%32%37.0.0.1/',
    'https://①②⑦.⓪.⓪.①/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://10.1.2.3/',
    'https://192.168.1/',
    'https://[fd12::1]/',
  ])('%s is refused, but where the operator allows it', (url) => {
    expect(targetProblem(url, false)).toMatch(
      /which ALLOW_PRIVATE_TARGETS does not allow|ALLOW_PRIVATE_TARGETS=1 allows plain http/,
    );
    expect(targetProblem(url, true)).toBeNull();
  });
});

describe('a target that is never delivered to', () => {
  test.each([
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://0251.0376.0251.0376/',
    'https://169.254.43518/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[fd00:ec2::254]/',
    'https://[fd00:ec2:0:0:0:0:0:254]/',
    'https://[fd20:ce::254]/',
    'https://[fe80::a9fe:a9fe]/',
    'https://100.100.100.200/',
    'https://168.63.129.16/',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://METADATA.google.internal./',
    'https://metadata.goog/',
    'https://instance-data/',
    'https://0.0.0.0/',
    'https://0/',
    'https://[::]/',
  ])('%s is refused, whatever the operator allows', (url) => {
    expect(targetProblem(url, true)).toMatch(/always blocked\.$/);
  });
});

describe('where the operator allows some ranges', () => {
  const ranges = ['10.0.0.0/8', '127.0.0.1/32'];

  test.each([
    'https://10.1.2.3/',
    'http://10.1.2.3/',
    'https://[::ffff:10.1.2.3]/',
    'http://localhost:8080/',
    'https://example.com/',
    // The lookup decides whether its addresses are in the ranges.
    'http://receiver.internal/',
  ])('%s may be delivered to', (url) => {
    expect(targetProblem(url, ranges)).toBeNull();
  });

  test.each([
    ['https://192.168.1.1/', /loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow/],
    ['https://127.0.0.2/', /loopback or private address/],
    ['https://[::1]/', /loopback or private address/],
    ['http://8.8.8.8/', /ALLOW_PRIVATE_TARGETS=1 allows plain http/],
    ['https://169.254.169.254/', /always blocked/],
    ['ftp://10.1.2.3/', /must use https/],
  ])('%s is refused', (url, problem) => {
    expect(targetProblem(url, ranges)).toMatch(problem);
  });
});

describe('a host without a URL', () => {
  test.each([
    ['broker-1.example.com', false],
    ['8.8.8.8', false],
    ['10.0.0.1', ['10.0.0.0/8']],
    ['LOCALHOST', true],
  ])('%s may be connected to where %j is allowed', (host, allowed) => {
    expect(hostProblem(host, allowed)).toBeNull();
  });

  test.each([
    [
      '10.0.0.1',
      false,
      'The host "10.0.0.1" has a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.',
    ],
    [
      '[::1]',
      ['10.0.0.0/8'],
      'The host "[::1]" has a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.',
    ],
    [
      'Metadata.Google.Internal',
      true,
      'The host "Metadata.Google.Internal" has a special-purpose address, which is always blocked.',
    ],
  ])('%s is refused where %j is allowed', (host, allowed, problem) => {
    expect(hostProblem(host, allowed)).toBe(problem);
  });
});
