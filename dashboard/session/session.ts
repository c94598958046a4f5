import { useSyncExternalStore } from 'react';
import type { WireCaller } from '../../src/api/contract/caller.ts';
import { signInCode } from './sign-in-code.ts';
import { readSession, type Session, storeSession } from './stored-session.ts';
import { endsSoon } from './token-lifetime.ts';

/** How tokens that end are followed by others. */
export interface Renewal {
  /**
   * Another token, and who it lets in: what they may do can have changed since the one before.
   * @returns `null` where the person has to sign in again; throws where nobody answers
   */
  renew(): Promise<Session | null>;
  /** Makes what new tokens come from worthless. Never rejects. */
  leave(): Promise<void>;
}

/** Why nobody is signed in: nobody was, somebody left, or the system accepts the token no more. */
export type SignedOut = 'never' | 'left' | 'ended';

/** Whoever opens a sign-in link signs in again. */
let session: Session | null = signInCode === null ? readSession() : null;
let signedOut: SignedOut = 'never';
let renewal: Renewal | null = null;
let renewing: Promise<string | null> | null = null;
const watchers = new Set<() => void>();

/** Says how tokens are renewed from now on. Without it, a token is good until it is not accepted. */
export function renewBy(way: Renewal): void {
  renewal = way;
}

/** The token of the signed-in user, renewed if it is about to expire; `null` if nobody is signed in, or by a cookie. */
export async function currentToken(): Promise<string | null> {
  const token = session?.token ?? null;
  if (token === null) return null;
  return renewal !== null && endsSoon(token, Date.now()) ? renewToken() : token;
}

/** Gets another token for who is signed in; `null`, and nobody is signed in, where there is none. Once for all who ask. */
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

/** Forgets who was signed in, because they want to leave. */
export function signOut(): void {
  forget('left');
}

/** Forgets who was signed in, because the API accepts the token no more. */
export function endSession(): void {
  forget('ended');
}

function forget(why: SignedOut): void {
  if (session === null) return;
  void renewal?.leave();
  signedOut = why;
  keep(null);
}

/** Who is signed in, or `null`; follows changes. */
export function useCaller(): WireCaller | null {
  return useSyncExternalStore(watch, () => session)?.caller ?? null;
}

/** Whether who is signed in may change something; a viewer's change would be refused. */
export function useIsOperator(): boolean {
  return useCaller()?.role === 'operator';
}

/** Why nobody is signed in. */
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
