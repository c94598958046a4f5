import { describe, expect, test } from '@jest/globals';
import { endsSoon } from './token-lifetime.ts';

const now = 1_767_225_600_000;

/** A token that expires `seconds` after now. */
function tokenFor(seconds: number): string {
  const claims = { exp: now / 1_000 + seconds, name: 'Zoë ÿ>?' };
  return `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

describe('a token', () => {
  test.each([
    [3_600, false],
    [61, false],
    [59, true],
    [-10, true],
  ])('that ends in %i s ends soon: %s', (seconds, expected) => {
    expect(endsSoon(tokenFor(seconds), now)).toBe(expected);
  });

  test.each(['dashboard-admin-token', 'not.json.at-all', 'a.%%.b', ''])(
    'that says nothing of its end never does: "%s"',
    (token) => expect(endsSoon(token, now)).toBe(false),
  );
});
