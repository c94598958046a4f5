import { bodyBytes, type HttpAnswer, type HttpEvent, headersOf, queryOf } from './http-function.ts';

/** What takes a web-standard request, such as a Hono application. */
interface Fetching {
  fetch(request: Request): Response | Promise<Response>;
}

/**
 * Passes a request of API Gateway to `app` and reads its whole answer. `app` must not stream without end: the function
 * is billed until the answer ends.
 */
export async function fetchAnswer(app: Fetching, event: HttpEvent): Promise<HttpAnswer> {
  const response = await app.fetch(webRequest(event));
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers, body: await response.text() };
}

function webRequest(event: HttpEvent): Request {
  const query = queryOf(event);
  const url = `https://api.internal${event.path}${query === '' ? '' : `?${query}`}`;
  const hasBody = event.body !== null && event.httpMethod !== 'GET' && event.httpMethod !== 'HEAD';
  const init = { method: event.httpMethod, headers: headersOf(event) };
  return new Request(url, hasBody ? { ...init, body: bodyBytes(event) } : init);
}
