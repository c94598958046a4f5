/** Tokens are renewed this long before they expire, in ms, because a request may take time. */
const marginMs = 60_000;

/**
 * Whether a token has expired or will expire soon.
 *
 * @param now Unix ms
 * @returns `false` for tokens without an expiry, which are not JSON Web Tokens (RFC 7519)
 */
export function endsSoon(token: string, now: number): boolean {
  const { exp } = claimsOf(token);
  return typeof exp === 'number' && exp * 1_000 - marginMs < now;
}

function claimsOf(token: string): { readonly exp?: unknown } {
  const [, claims] = token.split('.');
  if (claims === undefined) return {};
  try {
    return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return {};
  }
}
