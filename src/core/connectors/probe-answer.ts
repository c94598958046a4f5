import type { HttpAnswer } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';

/** Some senders look first whether anybody is there. They get an answer that tells nothing and starts nothing. */
export function isProbe({ method }: HttpRequest): boolean {
  return method === 'HEAD' || method === 'OPTIONS';
}

/** The same, whoever asks for whichever connector. */
export function probeAnswer({ method }: HttpRequest): HttpAnswer {
  const headers = { allow: 'GET, HEAD, OPTIONS, POST', 'cache-control': 'no-store' };
  return { status: method === 'OPTIONS' ? 204 : 200, headers, body: '' };
}
