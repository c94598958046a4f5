import type { WireCaller } from '../../src/api/contract/caller.ts';
import type { WirePageSession } from '../../src/api/contract/page-session.ts';
import { request } from './request.ts';

/** The user of the page's session cookie; `null` if there is none. */
export async function fetchSession(): Promise<WireCaller | null> {
  return (await request<WirePageSession>('/session')).caller;
}

/** Starts a session with the code of a sign-in link. */
export async function startSessionByLink(code: string): Promise<WireCaller | null> {
  return (await request<WirePageSession>('/session', { method: 'POST', body: { code } })).caller;
}

/** Starts a session with a typed token. */
export async function startSessionByToken(token: string): Promise<WireCaller | null> {
  return (await request<WirePageSession>('/session', { method: 'POST', token })).caller;
}

/** Ends the session and deletes its cookie. */
export async function endPageSession(): Promise<void> {
  await request('/session', { method: 'DELETE' });
}
