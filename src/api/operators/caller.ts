/** What callers may do: operators everything, viewers look at everything but secrets. */
export const roles = ['operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Who calls the management API. */
export interface Caller {
  /** Stands in the audit log. */
  readonly name: string;
  readonly role: Role;
}

/** Who calls, by the `Authorization` header; `null` for nobody that is known. */
export type Authenticate = (authorization: string | undefined) => Caller | null | Promise<Caller | null>;

/** Paths that show a secret: no viewer's to read. */
const secretPath = /\/secret$/;

/** Whether a caller of the role may make the request. */
export function mayCall(role: Role, method: string, path: string): boolean {
  if (role === 'operator') return true;
  return (method === 'GET' || method === 'HEAD') && !secretPath.test(path);
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
