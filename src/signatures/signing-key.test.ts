import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { secretProblem, signingKey } from './signature-scheme.ts';

const bytes = (count: number) => Buffer.alloc(count, 7).toString('base64');

describe('a Standard Webhooks secret', () => {
  test.each([24, 32, 63, 64])('of %d bytes gives its decoded key, with its prefix or without', (count) => {
    const key = Buffer.alloc(count, 7);
    expect(signingKey(`whsec_${bytes(count)}`, 'standard-webhooks')).toEqual(key);
    expect(signingKey(bytes(count), 'standard-webhooks')).toEqual(key);
  });

  test('signs as the reference library does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), (key) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        expect(signingKey(secret, 'standard-webhooks')).toEqual(Buffer.from(key));
        expect(() => new Webhook(secret)).not.toThrow();
      }),
    );
  });

  test.each([
    ['nothing behind the prefix', 'whsec_', '24 to 64 bytes'],
    ['no Base64', '!!!', '24 to 64 bytes'],
    ['no Base64 behind the prefix', 'whsec_!!!', '24 to 64 bytes'],
    ['a letter beyond ASCII', 'é', '24 to 64 bytes'],
    ['too short a key', `whsec_${bytes(23)}`, '24 to 64 bytes'],
    ['too long a key', `whsec_${bytes(65)}`, '24 to 64 bytes'],
    ['a line break at its end', `whsec_${bytes(32)}\n`, '24 to 64 bytes'],
    ['URL-safe Base64', `whsec_${'-_'.repeat(20)}`, '24 to 64 bytes'],
    ['no padding', `whsec_${bytes(32).replace('=', '')}`, '24 to 64 bytes'],
    ['a public key', `whpk_${bytes(32)}`, 'whpk_'],
    ['a private key of a pair', `whsk_${bytes(64)}`, 'whsk_'],
    ['blanks', ' \t\n', 'blank'],
    ['nothing', '', 'blank'],
  ])('with %s is none', (_what, secret, reason) => {
    expect(signingKey(secret, 'standard-webhooks')).toBeNull();
    expect(secretProblem(secret, 'standard-webhooks')).toContain(reason);
  });
});

describe('any other secret', () => {
  test('is its text, whatever it says', () => {
    for (const secret of ["It's a Secret to Everybody", 'é', '!!!', 'whsec_']) {
      expect(signingKey(secret, 'text')).toEqual(Buffer.from(secret));
    }
  });

  test.each(['', ' ', '\u00a0\n', `whpk_${bytes(32)}`])('%j is none', (secret) => {
    expect(signingKey(secret, 'text')).toBeNull();
  });
});
