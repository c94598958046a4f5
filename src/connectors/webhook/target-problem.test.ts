import { describe, expect, test } from '@jest/globals';
import { targetProblem } from './target-problem.ts';

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
    expect(targetProblem(url, false)).toMatch(/not allowed here\.$/);
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
    expect(targetProblem(url, true)).toMatch(/never connected to\.$/);
  });
});
