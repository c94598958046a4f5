import type { WireCaller } from '../../src/api/contract/caller.ts';

/** The current user and token; the token is `null` for a cookie session, which the page cannot read. */
export interface Session {
  readonly token: string | null;
  readonly caller: WireCaller;
}

/** Stored per tab: a session survives a reload, but not the tab. */
const storageKey = 'agent-connectors.session';

/** This tab's session; `null` if there is none. */
export function readSession(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
  } catch {
    return null;
  }
}

/** Stores the session for this tab, or deletes it. */
export function storeSession(session: Session | null): void {
  if (session === null) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, JSON.stringify(session));
}
