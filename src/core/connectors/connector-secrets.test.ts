import { describe, expect, test } from '@jest/globals';
import { hashSecret, matchesSecret, validSecrets } from './connector-secrets.ts';

const now = 1_000_000;
const current = { sha256: hashSecret('current'), expiresAt: null };
const previous = { sha256: hashSecret('previous'), expiresAt: now + 1 };

describe('a secret', () => {
  test('is known by its SHA-256, in base64url', () => {
    expect(hashSecret('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });

  test('matches where it is one of those that are valid', () => {
    expect(matchesSecret('current', [current, previous], now)).toBe(true);
    expect(matchesSecret('previous', [current, previous], now)).toBe(true);
    expect(matchesSecret('other', [current, previous], now)).toBe(false);
    expect(matchesSecret('', [current, previous], now)).toBe(false);
  });

  test('from before a rotation stops to match when its time is over', () => {
    expect(matchesSecret('previous', [current, previous], now + 1)).toBe(false);
    expect(matchesSecret('current', [current, previous], now + 1)).toBe(true);
  });

  test('matches nothing where the connector has none', () => {
    expect(matchesSecret('', [], now)).toBe(false);
    expect(matchesSecret('current', [], now)).toBe(false);
  });

  test.each(['', ' ', '\t\n'])('never matches where it is blank, even as the stored one: %j', (blank) => {
    expect(matchesSecret(blank, [{ sha256: hashSecret(blank), expiresAt: null }], now)).toBe(false);
  });
});

describe('the secrets to sign with', () => {
  const secrets = { current: 'a', previous: { secret: 'b', expiresAt: now }, config: {} };

  test('are the current one and, during a rotation, the one before', () => {
    expect(validSecrets(secrets, now - 1)).toEqual(['a', 'b']);
    expect(validSecrets(secrets, now)).toEqual(['a']);
  });

  test('are none where there is none', () => {
    expect(validSecrets({ current: null, previous: null, config: {} }, now)).toEqual([]);
  });
});
