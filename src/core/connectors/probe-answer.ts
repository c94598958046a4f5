import type { HttpAnswer } from './http-answer.ts';
import type { HttpRequest } from './http-request.ts';

/** Whether a sender only checks that something is there. The answer reveals nothing and starts nothing. */
export function isProbe({ method }: HttpRequest): boolean {
  return method === 'HEAD' || method === 'OPTIONS';
}

/** The same answer for every sender and every connector. */
export function probeAnswer({ method }: HttpRequest): HttpAnswer {
  const headers = { allow: 'GET, HEAD, OPTIONS, POST', 'cache-control': 'no-store' };
  return { status: method === 'OPTIONS' ? 204 : 200, headers, body: '' };
}
