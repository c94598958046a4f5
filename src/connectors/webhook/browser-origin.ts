import * as z from 'zod';
import type { WebhookRequest } from './http-request.ts';

/** An origin as browsers send it: scheme, host and, where it is not the scheme's own, port (RFC 6454). */
export const origin = z.string().refine((text) => URL.parse(text)?.origin === text, {
  error: 'Give an origin as browsers send it, such as https://app.example.com, without a path.',
});

/**
 * Whether a browser sends the request for a page of another origin that is not listed. Programs are no browsers: they
 * send neither `Sec-Fetch-Site` nor `Origin`. What a browser does without either is an old one's GET, which starts
 * nothing that its address would not start for anybody.
 */
export function isForeignPage({ headers }: WebhookRequest, allowedOrigins: readonly string[]): boolean {
  const { origin: sender, 'sec-fetch-site': site } = headers;
  if (sender !== undefined && allowedOrigins.includes(sender)) return false;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return sender !== undefined && URL.parse(sender)?.host !== headers['host'];
}

/** The headers by which a browser lets the page of a listed origin read the answer (fetch.spec.whatwg.org, "CORS protocol"). */
export function sharingHeaders(
  { method, headers }: WebhookRequest,
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
