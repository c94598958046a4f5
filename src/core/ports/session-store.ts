import type { JsonValue } from '../json/json-value.ts';

/** Keeps conversations per agent and session key. */
export interface SessionStore {
  /** The messages so far; empty for a new, an expired or an unknown session. */
  load(agentName: string, sessionKey: string, now: number): Promise<readonly JsonValue[]>;
  save(
    agentName: string,
    sessionKey: string,
    messages: readonly JsonValue[],
    expiresAt: number,
  ): Promise<void>;
}
