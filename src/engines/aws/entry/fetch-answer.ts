import { PassThrough, Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Context } from 'aws-lambda';
import { bodyBytes, type HttpEvent, headersOf, queryOf } from './http-event.ts';
import { canStream, type HttpAnswer } from './http-function.ts';

/** Left for the end of an answer that goes on for as long as the function may, in ms. */
const closingMs = 10_000;

/** In a function that cannot stream, its caller gets the events of this time at once, in ms. */
const bufferedStreamMs = 2_000;

/** What takes a web-standard request, such as a Hono application. */
interface Fetching {
  fetch(request: Request): Response | Promise<Response>;
}

/**
 * Has `app` answer a request of API Gateway. A stream of events is cut off before the function's own time is over, and
 * in a function that cannot stream after a few seconds; its reader connects again.
 */
export async function fetchAnswer(app: Fetching, event: HttpEvent, context: Context): Promise<HttpAnswer> {
  const response = await app.fetch(webRequest(event));
  const headers = Object.fromEntries(response.headers);
  const isStream = headers['content-type']?.startsWith('text/event-stream') ?? false;
  if (!isStream || response.body === null)
    return { status: response.status, headers, body: await response.text() };
  const longestMs = Math.max(0, context.getRemainingTimeInMillis() - closingMs);
  const streamMs = canStream() ? longestMs : Math.min(longestMs, bufferedStreamMs);
  return { status: response.status, headers, body: cutOff(response.body, streamMs) };
}

function webRequest(event: HttpEvent): Request {
  const query = queryOf(event);
  const url = `https://api.internal${event.path}${query === '' ? '' : `?${query}`}`;
  const hasBody = event.body !== null && event.httpMethod !== 'GET' && event.httpMethod !== 'HEAD';
  const init = { method: event.httpMethod, headers: headersOf(event) };
  return new Request(url, hasBody ? { ...init, body: bodyBytes(event) } : init);
}

/** The stream, ended after `ms`; its source is let go when its reader leaves. */
function cutOff(body: ReadableStream<Uint8Array>, ms: number): Readable {
  const source = Readable.fromWeb(body);
  const output = source.pipe(new PassThrough());
  const ending = setTimeout(() => {
    source.unpipe(output);
    output.end();
  }, ms);
  output.once('close', () => {
    clearTimeout(ending);
    source.destroy();
  });
  return output;
}
