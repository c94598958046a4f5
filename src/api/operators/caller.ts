import { hash, timingSafeEqual } from 'node:crypto';
import { verifyApiKey } from '../../core/operators/api-keys.ts';
import type { Role } from '../../core/operators/role.ts';
import type { Engine } from '../../core/ports/engine.ts';

/** Who calls the management API. */
export interface Caller {
  /** Shown in the audit log. */
  readonly name: string;
  readonly role: Role;
}

/** A caller whose token was valid before. */
export interface FormerCaller {
  /** Why the token is no longer valid, in one sentence. */
  readonly formerly: string;
}

/** Identifies the caller by the `Authorization` header; `null` if unknown. */
export type Authenticate = (authorization: string | undefined) => Known | Promise<Known>;
type Known = Caller | FormerCaller | null;

/** Paths that viewers may not read: they return secrets or list API keys. */
const operatorsPath = /\/secret$|\/api-keys(\/|$)/;

/** MCP messages: permission is checked on the call that a message makes. */
const messagePath = '/api/v1/mcp';

/** Whether a caller with this role may make the request. */
export function mayCall(role: Role, method: string, path: string): boolean {
  if (role === 'operator' || (method === 'POST' && path === messagePath)) return true;
  return (method === 'GET' || method === 'HEAD') && !operatorsPath.test(path);
}

/** The token of `Authorization: Bearer <token>` (RFC 6750, section 2.1); `null` if there is none. */
export function bearerToken(authorization: string | undefined): string | null {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** Tries each way in order until one knows the caller. */
export function anyOf(...ways: readonly Authenticate[]): Authenticate {
  return async (authorization) => {
    for (const way of ways) {
      const caller = await way(authorization);
      if (caller !== null) return caller;
    }
    return null;
  };
}

/** Authenticates programs by their API keys; the audit log shows the key's name. */
export function apiKeyCaller(engine: Engine): Authenticate {
  return async (authorization) => {
    const token = bearerToken(authorization);
    if (token === null) return null;
    const verified = await verifyApiKey(engine, token);
    if (verified.outcome === 'unknown') return null;
    if (verified.outcome === 'ended') return { formerly: verified.detail };
    const { name, role } = verified.apiKey;
    return { name, role };
  };
}

/**
 * Authenticates an operator by one token, compared in constant time.
 *
 * @param name shown in the audit log
 * @param token an empty one matches no caller
 */
export function fixedToken(
  name: string,
  token: string,
): (authorization: string | undefined) => Caller | null {
  const expected = digest(token);
  return (authorization) => {
    const given = bearerToken(authorization);
    return given !== null && timingSafeEqual(digest(given), expected) ? { name, role: 'operator' } : null;
  };
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
