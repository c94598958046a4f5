/** A token that ends before this is renewed before it is used, in ms: a request may take its time. */
const marginMs = 60_000;

/**
 * Whether a token has ended or will have soon.
 *
 * @param now Unix ms
 * @returns `false` for tokens that say nothing of their end: they are no JSON Web Tokens (RFC 7519)
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
