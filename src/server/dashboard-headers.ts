/**
 * Only the page's own files act on it, and it talks to its own server only, and to whom operators sign in with. Nothing
 * inline: neither script nor style. `data:` pictures are the icons that connector types give.
 */
function contentSecurityPolicy(signInOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...signInOrigins].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Headers of every file of the dashboard, on both engines.
 *
 * @param signInOrigins where the page signs operators in, when that is not its own server
 */
export function dashboardHeaders(...signInOrigins: readonly string[]) {
  return {
    'content-security-policy': contentSecurityPolicy(signInOrigins),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}
