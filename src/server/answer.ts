import type { IncomingMessage, ServerResponse } from 'node:http';
import { turnToRead } from './admission.ts';
import { dashboardHeaders } from './dashboard-headers.ts';

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

/** Answers an unknown path: programs with JSON, browsers with a page. */
export function answerNothing(request: IncomingMessage, response: ServerResponse): void {
  answerProblem(request, response, {
    status: 404,
    code: 'not-found',
    title: 'Page not found',
    detail: 'Path not found. See /api/v1/openapi.json for all paths.',
  });
}

/** Answers a request for the API or the dashboard under an unknown host name. */
export function answerUnknownHost(
  request: IncomingMessage,
  response: ServerResponse,
  host: string | undefined,
): void {
  if (URL.canParse(`http://${host}`)) answerProblem(request, response, unknownHost);
  else answerError(response, 400, 'malformed', 'The host of the request is malformed.');
}

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** One or two plain-text sentences for the caller; the same for all callers. */
  readonly detail: string;
}

const unknownHost: Problem = {
  // The server is not responsible for the host of the request (RFC 9110, section 15.5.20).
  status: 421,
  code: 'unknown-host',
  title: 'Unknown host name',
  detail:
    'The dashboard and the management API do not accept this host name. Set BASE_URL to the address that you use, or ' +
    'add its host name to ALLOWED_HOSTS.',
};

function answerProblem(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  const { status, code, title, detail } = problem;
  if (!wantsPage(request)) {
    answerError(response, status, code, detail);
    return;
  }
  const kind = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  answer(response, status, { ...dashboardHeaders(), ...kind }, pageOf(title, detail));
}

function wantsPage({ method, headers }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true;
}

function pageOf(title: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
</head>
<body>
<h1>${title}</h1>
<p>${text}</p>
<p><a href="/">Go to the dashboard</a></p>
</body>
</html>
`;
}
