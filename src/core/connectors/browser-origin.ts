import * as z from 'zod';
import type { HttpRequest } from './http-request.ts';

/** An origin as browsers send it: scheme, host and, unless it is the scheme's default, port (RFC 6454). */
export const origin = z.string().refine((text) => URL.parse(text)?.origin === text, {
  error: 'Enter an origin as browsers send it, such as https://app.example.com, without a path.',
});

/**
 * Whether a browser sent the request from a page whose origin is not listed. Programs send neither `Origin` nor
 * `Sec-Fetch-Site`; `none` means that a person entered the address, without a page.
 *
 * The origin of the called URL itself is no exception: a page can make its own name resolve to this machine (DNS
 * rebinding), and then has the same origin.
 */
export function isForeignPage({ headers }: HttpRequest, allowedOrigins: readonly string[]): boolean {
  const { origin: sender, host, 'sec-fetch-site': site } = headers;
  if (sender !== undefined) return !allowedOrigins.includes(sender);
  if (site === undefined || site === 'none') return false;
  // Browsers do not send `Origin` with a GET from a page to its own origin.
  return site !== 'same-origin' || !allowedOrigins.some((listed) => URL.parse(listed)?.host === host);
}

/** The headers that let the page of a listed origin read the answer (fetch.spec.whatwg.org, "CORS protocol"). */
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
