import type { IncomingMessage, ServerResponse } from 'node:http';
import { turnToRead } from './admission.ts';

type Headers = Readonly<Record<string, string | number>>;

/** Writes a complete response. Does nothing if one is already written or the connection is gone. */
export function answer(response: ServerResponse, status: number, headers: Headers, body: string): void {
  if (response.headersSent || response.destroyed) return;
  const complete = { ...headers, 'content-length': Buffer.byteLength(body) };
  if (!isStillSending(response.req)) {
    response.writeHead(status, complete);
    response.end(body);
    return;
  }
  response.writeHead(status, { ...complete, connection: 'close' });
  response.write(body);
  endWhenSent(response);
}

/** Writes an error of the server itself, in the same form as any other error. */
export function answerError(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  headers: Headers = {},
): void {
  const json = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  answer(response, status, { ...json, ...headers }, JSON.stringify({ detail, code }));
}

/** Whether the response precedes the end of the body: the body is too large, or its sender is not allowed. */
function isStillSending(request: IncomingMessage): boolean {
  if (request.complete) return false;
  return 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0;
}

/** How long such a sender may continue, in ms: time to finish and read the response. */
const patienceMs = 5_000;

/**
 * Discards the rest of the body before the connection closes. An immediate close would reset the connection, and many
 * senders would never see the response.
 */
function endWhenSent(response: ServerResponse): void {
  const request = response.req;
  const end = () => {
    clearTimeout(cutOff);
    response.end();
  };
  const cutOff = setTimeout(end, patienceMs);
  request
    .once('end', end)
    .once('close', end)
    .on('data', () => waitForTurn(request))
    .resume();
}

/** Discarded data is read in turn too. */
function waitForTurn(request: IncomingMessage): void {
  const turn = turnToRead(request);
  if (turn === null) return;
  request.pause();
  turn.then(() => request.resume());
}
