/**
 * The page loads only its own files, and connects only to its own server and the sign-in servers of operators. Inline
 * scripts and styles are blocked. `data:` images are the icons of connector types.
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
 * Headers of every dashboard file, on both engines.
 *
 * @param signInOrigins where the page signs operators in, if not on its own server
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
