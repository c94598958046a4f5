import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { type Refusal, refuse } from '../core/refusal.ts';
import { pageHeader } from './contract/page-header.ts';
import type { PageSessions } from './operators/page-sessions.ts';

/** The caller's credentials as in an `Authorization` header; `null` if there are none. */
export type Shown =
  | { readonly outcome: 'shown'; readonly authorization: string | null }
  | Refusal<'origin-not-allowed'>;

/**
 * A request's credentials: its own header, else the token of its cookie's session. Browsers send cookies automatically,
 * so the cookie counts only in requests of the dashboard itself.
 */
export function shownBy(c: Context, sessions: PageSessions | null, baseUrl: string): Shown {
  const authorization = c.req.header('authorization') ?? null;
  const cookie = sessions && cookieOf(c, sessions);
  if (authorization !== null || sessions === null || cookie === null)
    return { outcome: 'shown', authorization };
  const refused = refuseForeign(c, baseUrl);
  if (refused !== null) return refused;
  const token = sessions.tokenOf(cookie);
  return { outcome: 'shown', authorization: token === null ? null : `Bearer ${token}` };
}

/** The cookie of the dashboard's session; `null` if there is none. */
export function cookieOf(c: Context, { cookieName }: PageSessions): string | null {
  return getCookie(c, cookieName) ?? null;
}

/**
 * Refuses requests that a page of another site sends with our cookie. Such a page can send the header only after a
 * preflight (CORS), which the API never grants. `SameSite` alone is not enough: other ports of the host are the same
 * site.
 */
export function refuseForeign(c: Context, baseUrl: string): Refusal<'origin-not-allowed'> | null {
  const fetchSite = c.req.header('sec-fetch-site') ?? 'same-origin';
  const isOwn = c.req.header(pageHeader) === '1' && fetchSite === 'same-origin' && hasOwnOrigin(c, baseUrl);
  return isOwn ? null : refuse('origin-not-allowed', foreign);
}

const foreign =
  'This request has the session of the dashboard, but does not come from it. Behind a proxy, set BASE_URL to the public address.';

/** Browsers omit the origin when a page reads from its own server. */
function hasOwnOrigin(c: Context, baseUrl: string): boolean {
  const origin = c.req.header('origin');
  if (origin === undefined) return c.req.method === 'GET' || c.req.method === 'HEAD';
  const host = c.req.header('host');
  return URL.canParse(origin) && (new URL(origin).host === host || origin === new URL(baseUrl).origin);
}
