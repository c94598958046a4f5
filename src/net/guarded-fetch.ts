import type { IncomingMessage } from 'node:http';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { guardedRequest } from './guarded-request.ts';

/** What of `fetch` libraries use: an address, and a request with a text as its body. */
export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for libraries that takes only allowed targets and follows no redirect.
 *
 * @param maxBytes reading a response fails beyond this
 */
export function guardedFetch(privateTargets: PrivateTargets, maxBytes: number): GuardedFetch {
  return async (url, { method = 'GET', headers, body, signal } = {}) => {
    const answer = await guardedRequest(
      {
        url: String(url),
        method,
        headers: Object.fromEntries(new Headers(headers)),
        ...(typeof body === 'string' ? { body } : {}),
      },
      privateTargets,
      signal ?? new AbortController().signal,
    );
    return responseOf(answer, maxBytes);
  };
}

/** Statuses of responses that have no body (Fetch Standard, "null body status"). */
const withoutBody = new Set([101, 103, 204, 205, 304]);

function responseOf(answer: IncomingMessage, maxBytes: number): Response {
  const status = answer.statusCode ?? 500;
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  if (withoutBody.has(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  const { statusMessage: statusText = '' } = answer;
  return new Response(ReadableStream.from(limited(answer, maxBytes)), { status, statusText, headers });
}

/** A consumer that stops early closes the connection. */
async function* limited(answer: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of answer) {
    length += chunk.length;
    if (length > maxBytes) throw new Error(`The response has more than ${maxBytes} bytes.`);
    yield chunk;
  }
}
