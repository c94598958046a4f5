import { useSyncExternalStore } from 'react';
import type { WireCaller } from '../../src/api/contract/caller.ts';
import { clearDrafts } from '../parts/use-draft.ts';
import { signInCode } from './sign-in-code.ts';
import { readSession, type Session, storeSession } from './stored-session.ts';
import { endsSoon } from './token-lifetime.ts';

/** How expiring tokens are replaced. */
export interface Renewal {
  /**
   * A new token and its user, whose permissions may have changed.
   * @returns `null` if a new sign-in is required; throws where the server is unreachable
   */
  renew(): Promise<Session | null>;
  /** Revokes what tokens are renewed with. Never rejects. */
  leave(): Promise<void>;
}

/** Why no user is signed in: nobody signed in, the user signed out, or the system rejected the token. */
export type SignedOut = 'never' | 'left' | 'ended';

/** A sign-in link replaces the stored session. */
let session: Session | null = signInCode === null ? readSession() : null;
if (signInCode !== null) clearDrafts();
let signedOut: SignedOut = 'never';
let renewal: Renewal | null = null;
let renewing: Promise<string | null> | null = null;
const watchers = new Set<() => void>();

/** Sets how tokens are renewed. Without a renewal, a token is used until it is rejected. */
export function renewBy(way: Renewal): void {
  renewal = way;
}

/** The current user's token, renewed if it expires soon; `null` for cookie sessions and if no user is signed in. */
export async function currentToken(): Promise<string | null> {
  const token = session?.token ?? null;
  if (token === null) return null;
  return renewal !== null && endsSoon(token, Date.now()) ? renewToken() : token;
}

/**
 * Renews the current user's token, once for all concurrent callers. Signs the user out and returns `null` if that is
 * impossible.
 */
export function renewToken(): Promise<string | null> {
  renewing ??= renewOnce().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renewOnce(): Promise<string | null> {
  const renewed = (await renewal?.renew()) ?? null;
  if (session === null) return null;
  if (renewed === null) endSession();
  else keep(renewed);
  return renewed?.token ?? null;
}

/** Signs in with a token that the API has accepted. */
export function signIn(accepted: Session): void {
  keep(accepted);
}

/** Ends the session because the user signs out. */
export function signOut(): void {
  forget('left');
}

/** Ends the session because the API rejects the token. */
export function endSession(): void {
  forget('ended');
}

function forget(why: SignedOut): void {
  if (session === null) return;
  void renewal?.leave();
  signedOut = why;
  clearDrafts();
  keep(null);
}

/** The current user, or `null`; rerenders on changes. */
export function useCaller(): WireCaller | null {
  return useSyncExternalStore(watch, () => session)?.caller ?? null;
}

/** Whether the current user may make changes; the API refuses those of viewers. */
export function useIsOperator(): boolean {
  return useCaller()?.role === 'operator';
}

/** Why no user is signed in. */
export function whySignedOut(): SignedOut {
  return signedOut;
}

function keep(next: Session | null): void {
  session = next;
  storeSession(next);
  for (const tell of watchers) tell();
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}
