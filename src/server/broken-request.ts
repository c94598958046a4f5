import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';

interface BrokenRequest {
  readonly status: string;
  readonly code: string;
  readonly detail: string;
}

const malformed: BrokenRequest = {
  status: '400 Bad Request',
  code: 'malformed',
  detail: 'This is not an HTTP request.',
};

/** Node's error codes for requests that it cannot parse or receive. */
const knownProblems: Readonly<Record<string, BrokenRequest>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'headers-too-large',
    detail: 'The headers exceed 16 kB.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'request-timeout',
    detail: 'The request did not arrive in time.',
  },
};

/** Answers data that is not a valid HTTP request, and closes the connection. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { status, code, detail } = knownProblems[error.code ?? ''] ?? malformed;
  const body = JSON.stringify({ detail, code });
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Answers an HTTP request with a malformed host or path; returns `undefined` for any other error. */
export function answerBadTarget(thrown: unknown): Response | undefined {
  if (!(thrown instanceof RequestError)) return undefined;
  const detail = 'The host or the path of the request is malformed.';
  return Response.json({ detail, code: malformed.code }, { status: 400 });
}
