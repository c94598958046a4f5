import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { connectorPrefix } from '../../../core/connectors/connector-path.ts';
import { bodyOfBytes, type HttpRequest } from '../../../core/connectors/http-request.ts';
import { messageOf } from '../../../core/errors.ts';
import type { CallTarget } from '../../../ingress/find-called-way.ts';
import { callInLog, functionLog, publishMetrics } from './function-log.ts';

/** The answer of a function. If the body is a stream, the status is sent with the stream's first bytes. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

type Respond = (event: HttpEvent, context: Context) => Promise<HttpAnswer>;

/** A function behind a buffered route. */
export function bufferedFunction(respond: Respond) {
  const answer = async (event: HttpEvent, context: Context) => buffered(await respond(event, context));
  return watched(middy(answer, { requestEnd: publishMetrics }));
}

/**
 * A function behind a streamed route. It sends nothing before `respond` resolves, so that the status is final, and then
 * stays until the work in `unfinished` has ended. On a platform without streaming (an emulator), it answers with the
 * whole body, and unfinished work continues in the process.
 */
export function streamedFunction(respond: Respond, unfinished: UnfinishedWork) {
  if (!canStream()) return bufferedFunction(respond);
  const answer = async (event: HttpEvent, context: Context) => {
    const { status, headers, body } = await respond(event, context);
    return { statusCode: status, headers: asTheyArrive(headers), body };
  };
  const requestEnd = async () => {
    await unfinished.ended();
    publishMetrics();
  };
  return watched(middy(answer, { executionMode: executionModeStreamifyResponse, requestEnd }));
}

/**
 * Whether the platform streams answers: Lambda's runtime defines a global with `streamifyResponse`; libraries may
 * define the global without it.
 */
export function canStream(): boolean {
  const platform: unknown = Reflect.get(globalThis, 'awslambda');
  return typeof platform === 'object' && platform !== null && 'streamifyResponse' in platform;
}

/** Adds the request id to log lines, and answers unexpected errors without internal details. */
function watched<Handler extends middy.MiddyfiedHandler<HttpEvent>>(handler: Handler): Handler {
  handler.use(callInLog).onError((request) => {
    functionLog.error('request.failed', { reason: messageOf(request.error), stack: request.error?.stack });
    request.response = internalError;
  });
  return handler;
}

const internalError = {
  statusCode: 500,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify({
    detail: 'Internal server error. The details were logged.',
    code: 'internal-error',
  }),
};

async function buffered({ status, headers, body }: HttpAnswer) {
  return {
    statusCode: status,
    headers: asTheyArrive(headers),
    body: typeof body === 'string' ? body : await text(body),
  };
}

/**
 * API Gateway renames a function's WWW-Authenticate header, so that clients ignore it (API Gateway developer guide,
 * "Important notes": https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
 */
function asTheyArrive(headers: HttpAnswer['headers']): HttpAnswer['headers'] {
  const { 'www-authenticate': _renamed, ...others } = headers;
  return others;
}

/** A request from API Gateway (REST API, payload format 1.0). */
type HttpEvent = APIGatewayProxyEvent;

/**
 * The request in the form that connectors take. It keeps the body's raw bytes, because signatures cover them.
 *
 * @param configuredBaseUrl public address of the product if the deployment sets one; otherwise empty
 */
export function httpRequest(event: HttpEvent, configuredBaseUrl = ''): HttpRequest {
  const bytes = bodyBytes(event);
  return {
    method: event.httpMethod,
    url: calledUrl(event, configuredBaseUrl),
    headers: headersOf(event),
    query: queryOf(event),
    sender: event.requestContext.identity.sourceIp,
    bodyBytes: bytes.length,
    body: bodyOfBytes(bytes),
  };
}

/** The target in the request's path, based on the route's path (`/webhooks/{connector_id}/sync`). */
export function targetOf({ pathParameters, resource }: HttpEvent): CallTarget {
  const connectorId = pathParameters?.['connector_id'] ?? '';
  return { connectorId, suffix: resource.split('{connector_id}')[1] ?? '' };
}

/** Headers by lower-case name; repeated ones joined as HTTP joins them (RFC 9110, section 5.3). */
export function headersOf(event: HttpEvent): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    if (values !== undefined && values.length > 0) headers[name.toLowerCase()] = values.join(', ');
  }
  return headers;
}

/** API Gateway decodes the query; this encodes it again, with repeated fields in order. */
export function queryOf(event: HttpEvent): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) query.append(name, value);
  }
  return query.toString();
}

function bodyBytes(event: HttpEvent): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'));
}

/**
 * Public address of the API that took the request, without a trailing slash: the configured one, or the request's host
 * and the part of its path before `route`. That part is the stage, or the base path of a custom domain.
 */
export function baseUrlOf(event: HttpEvent, configured: string, route: string): string {
  if (configured !== '') return configured;
  const { domainName, path } = event.requestContext;
  const end = path.lastIndexOf(route);
  const host = domainName ?? headersOf(event)['host'] ?? 'localhost';
  return `https://${host}${end === -1 ? '' : path.slice(0, end)}`;
}

function calledUrl(event: HttpEvent, configuredBaseUrl: string): string {
  const { path } = event.requestContext;
  const start = path.lastIndexOf(connectorPrefix);
  const baseUrl = baseUrlOf(event, configuredBaseUrl, connectorPrefix);
  return start === -1 ? baseUrl : `${baseUrl}${path.slice(start)}`;
}

/** Work that continues after its answer; the function instance must not freeze before it has ended. */
export interface UnfinishedWork {
  /** @param work never rejects */
  add(work: Promise<unknown>): void;
  /** Resolves when all work has ended. */
  ended(): Promise<void>;
}

export function unfinishedWork(): UnfinishedWork {
  const going = new Set<Promise<unknown>>();
  return {
    add(work) {
      going.add(work);
      void work.finally(() => going.delete(work));
    },
    async ended() {
      while (going.size > 0) await Promise.all(going);
    },
  };
}

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
