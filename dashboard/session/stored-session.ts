import type { WireCaller } from '../../src/api/contract/caller.ts';

/** Who is signed in, by which token; `null` where a cookie that the page cannot read stands for it. */
export interface Session {
  readonly token: string | null;
  readonly caller: WireCaller;
}

/** Where a session survives a reload of this tab, and nothing else: the browser drops it with the tab. */
const storageKey = 'agent-connectors.session';

/** The session of this tab; `null` for nobody. */
export function readSession(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? 'null');
  } catch {
    return null;
  }
}

/** Keeps the session for this tab, or forgets it. */
export function storeSession(session: Session | null): void {
  if (session === null) sessionStorage.removeItem(storageKey);
  else sessionStorage.setItem(storageKey, JSON.stringify(session));
}
