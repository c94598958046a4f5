import type { IncomingMessage, ServerResponse } from 'node:http';
import { turnToRead } from './admission.ts';

type Headers = Readonly<Record<string, string | number>>;

/** Writes a complete answer. Does nothing where one is written already, or nobody is there to read it. */
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

/** Writes an error of the server itself, in the form of every other. */
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

/** Whether a sender is answered before all of its body was read: too large, or not to be let in. */
function isStillSending(request: IncomingMessage): boolean {
  if (request.complete) return false;
  return 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0;
}

/** How long such a sender may go on, in ms: enough to come to its end and read the answer. */
const patienceMs = 5_000;

/**
 * Lets the rest of the body pass by before the connection is closed: closing at once would reset it, and many a
 * sender would then never see the answer.
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

/** What is thrown away is read when it is the sender's turn, as everything is. */
function waitForTurn(request: IncomingMessage): void {
  const turn = turnToRead(request);
  if (turn === null) return;
  request.pause();
  turn.then(() => request.resume());
}
