import * as z from 'zod';
import type { HttpRequest } from './http-request.ts';

/** An origin as browsers send it: scheme, host and, where it is not the scheme's own, port (RFC 6454). */
export const origin = z.string().refine((text) => URL.parse(text)?.origin === text, {
  error: 'Enter an origin as browsers send it, such as https://app.example.com, without a path.',
});

/**
 * Whether a browser sends the request for a page whose origin is not listed. Programs send neither `Origin` nor
 * `Sec-Fetch-Site`, and no page is behind an address that somebody typed (`none`).
 *
 * The origin that the request itself was sent to is no exception: a page can have its own name resolve to this machine
 * (DNS rebinding), and is of the same origin then.
 */
export function isForeignPage({ headers }: HttpRequest, allowedOrigins: readonly string[]): boolean {
  const { origin: sender, host, 'sec-fetch-site': site } = headers;
  if (sender !== undefined) return !allowedOrigins.includes(sender);
  if (site === undefined || site === 'none') return false;
  // A GET that a page sends to its own origin does not name it.
  return site !== 'same-origin' || !allowedOrigins.some((listed) => URL.parse(listed)?.host === host);
}

/** The headers by which a browser lets the page of a listed origin read the answer (fetch.spec.whatwg.org, "CORS protocol"). */
export function sharingHeaders(
  { method, headers }: HttpRequest,
  allowedOrigins: readonly string[],
): Record<string, string> {
  const { origin: sender } = headers;
  if (sender === undefined || !allowedOrigins.includes(sender)) return {};
  const shared = {
    'access-control-allow-origin': sender,
    'access-control-expose-headers': 'idempotent-replayed, location, retry-after',
    vary: 'origin',
  };
  if (method !== 'OPTIONS') return shared;
  return {
    ...shared,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? 'content-type',
    'access-control-max-age': '600',
  };
}
