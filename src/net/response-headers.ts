import type { IncomingHttpHeaders } from 'node:http';
import type { HttpHeaders } from '../core/connectors/http-answer.ts';

/** They concern only the connection or browsers. */
const leftOut = new Set(['connection', 'keep-alive', 'transfer-encoding', 'set-cookie']);

/** The headers of a receiver's response, one text per name. */
export function responseHeaders({ headers }: { readonly headers: IncomingHttpHeaders }): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !leftOut.has(name) ? [[name, value]] : [],
    ),
  );
}
