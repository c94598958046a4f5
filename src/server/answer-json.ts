import type { ServerResponse } from 'node:http';

/** Writes a complete answer. */
export function answer(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string | number>>,
  body: string,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Writes an error of the server itself, in the form of every other (connectors.md, "Errors"). */
export function answerError(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const json = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  answer(response, status, { ...json, ...headers }, JSON.stringify({ detail, code }));
}
