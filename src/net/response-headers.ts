import type { IncomingHttpHeaders } from 'node:http';
import type { HttpHeaders } from '../core/connectors/http-answer.ts';

/** They belong to the connection or to browsers. */
const leftOut = new Set(['connection', 'keep-alive', 'transfer-encoding', 'set-cookie']);

/** What a receiver says beside its answer, one text for each name. */
export function responseHeaders({ headers }: { readonly headers: IncomingHttpHeaders }): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !leftOut.has(name) ? [[name, value]] : [],
    ),
  );
}
