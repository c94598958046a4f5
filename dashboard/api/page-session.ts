import type { WireCaller } from '../../src/api/contract/caller.ts';
import type { WirePageSession } from '../../src/api/contract/page-session.ts';
import { request } from './request.ts';

/** Who the cookie of the page's session belongs to; `null` for nobody. */
export async function fetchSession(): Promise<WireCaller | null> {
  return (await request<WirePageSession>('/session')).caller;
}

/** Starts a session by the code of a sign-in link. */
export async function startSessionByLink(code: string): Promise<WireCaller | null> {
  return (await request<WirePageSession>('/session', { method: 'POST', body: { code } })).caller;
}

/** Starts a session by a token that a person has typed. */
export async function startSessionByToken(token: string): Promise<WireCaller | null> {
  return (await request<WirePageSession>('/session', { method: 'POST', token })).caller;
}

/** Ends the session, and its cookie with it. */
export async function endPageSession(): Promise<void> {
  await request('/session', { method: 'DELETE' });
}
