import { useSyncExternalStore } from 'react';

/** Where the token survives a reload of this tab, and nothing else: the browser drops it with the tab. */
const storageKey = 'agent-connectors.token';

let token = sessionStorage.getItem(storageKey);
const watchers = new Set<() => void>();

/** The token of whoever is signed in; `null` for nobody. */
export function currentToken(): string | null {
  return token;
}

/** Signs in with a token that the API has accepted. */
export function signIn(accepted: string): void {
  sessionStorage.setItem(storageKey, accepted);
  change(accepted);
}

/** Forgets the token: the operator leaves, or the API accepts it no more. */
export function signOut(): void {
  sessionStorage.removeItem(storageKey);
  change(null);
}

/** Whether somebody is signed in; follows changes. */
export function useSignedIn(): boolean {
  return useSyncExternalStore(watch, () => token !== null);
}

function change(next: string | null): void {
  token = next;
  for (const tell of watchers) tell();
}

function watch(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}
