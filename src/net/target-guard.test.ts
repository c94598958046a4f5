import type { LookupAddress } from 'node:dns';
import { describe, expect, test } from '@jest/globals';
import { BlockedTarget, type Egress, guardedLookup } from './target-guard.ts';

/** What a socket gets for a host with these addresses. */
function lookedUp(addresses: readonly string[], egress: Egress, all = true) {
  const found = addresses.map(
    (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
  );
  const lookup = guardedLookup(egress, (_host, _options, callback) => callback(null, found));
  return new Promise((resolve) => {
    lookup('example.com', { all }, (error, address) => resolve(error ?? address));
  });
}

describe('the addresses of a host name', () => {
  test('are connected to where all of them are public', async () => {
    expect(await lookedUp(['1.1.1.1', '2606:4700::1'], { privateTargets: false })).toEqual([
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
    expect(await lookedUp(['1.1.1.1', '2606:4700::1'], { privateTargets: false }, false)).toBe('1.1.1.1');
  });

  test.each([
    [['1.1.1.1', '10.0.0.1'], false],
    [['1.1.1.1', '169.254.169.254'], false],
    [['::ffff:127.0.0.1'], false],
    [['10.0.0.1', '169.254.169.254'], true],
    [['10.0.0.1', '192.168.0.1'], ['10.0.0.0/8']],
  ])(
    '%j are blocked as a whole by one that is not allowed (private allowed: %j)',
    async (addresses, privateTargets) => {
      expect(await lookedUp(addresses, { privateTargets })).toBeInstanceOf(BlockedTarget);
    },
  );

  test('are called by plain http in the ranges that the operator lists, and nowhere else', async () => {
    const egress = { privateTargets: ['10.0.0.0/8'], isPlainHttp: true };
    expect(await lookedUp(['10.0.0.1'], egress)).toHaveLength(1);
    expect(await lookedUp(['1.1.1.1'], egress)).toMatchObject({
      message: expect.stringContaining('plain http'),
    });
  });

  test('may be private where the operator allows it', async () => {
    expect(await lookedUp(['127.0.0.1', '::1'], { privateTargets: true })).toHaveLength(2);
  });

  test('are asked for once for a connection, so that a second answer changes nothing', async () => {
    const answers = [['1.1.1.1'], ['127.0.0.1']];
    const lookup = guardedLookup({ privateTargets: false }, (_host, _options, callback) => {
      callback(
        null,
        (answers.shift() ?? []).map((address) => ({ address, family: 4 })),
      );
    });
    const address = await new Promise((resolve) =>
      lookup('a.example', {}, (_error, found) => resolve(found)),
    );
    expect(address).toBe('1.1.1.1');
    expect(answers).toHaveLength(1);
  });
});
