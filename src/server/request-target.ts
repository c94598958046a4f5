import type { IncomingMessage } from 'node:http';

/** Which server a request means, and how it says so. */
export interface RequestedHost {
  /** With its port, where it has one; `undefined` where the request names none (HTTP/1.0). */
  readonly host: string | undefined;
  /** Whether the target is a whole URL, as clients send it to a proxy. */
  readonly isAbsolute: boolean;
}

/**
 * Brings the target of a request into its usual form, path and query: `GET http://host/path` means the same as
 * `GET /path` with `Host: host`, and every server has to take it (RFC 9112, section 3.2.2).
 */
export function toOriginForm(request: IncomingMessage): RequestedHost {
  const target = request.url ?? '';
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) {
    return { host: request.headers.host, isAbsolute: false };
  }
  const { host, pathname, search } = new URL(target);
  request.url = `${pathname}${search}`;
  return { host, isAbsolute: true };
}
