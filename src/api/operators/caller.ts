import type { Role } from '../../core/operators/role.ts';

/** Who calls the management API. */
export interface Caller {
  /** Stands in the audit log. */
  readonly name: string;
  readonly role: Role;
}

/** Somebody whose token was good once. */
export interface FormerCaller {
  /** One sentence: why it is not any more. */
  readonly formerly: string;
}

/** Who calls, by the `Authorization` header; `null` for nobody that is known. */
export type Authenticate = (authorization: string | undefined) => Known | Promise<Known>;
type Known = Caller | FormerCaller | null;

/** Paths that show a secret, or who else has keys: no viewer's to read. */
const operatorsPath = /\/secret$|\/api-keys(\/|$)/;

/** A message that asks for a call: whether it may be made is asked of that call. */
const messagePath = /\/mcp$/;

/** Whether a caller of the role may make the request. */
export function mayCall(role: Role, method: string, path: string): boolean {
  if (role === 'operator' || messagePath.test(path)) return true;
  return (method === 'GET' || method === 'HEAD') && !operatorsPath.test(path);
}

/** The token of `Authorization: Bearer <token>` (RFC 6750, section 2.1); `null` where there is none. */
export function bearerToken(authorization: string | undefined): string | null {
  return /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** Asks one way after the other, until one knows the caller. */
export function anyOf(...ways: readonly Authenticate[]): Authenticate {
  return async (authorization) => {
    for (const way of ways) {
      const caller = await way(authorization);
      if (caller !== null) return caller;
    }
    return null;
  };
}
