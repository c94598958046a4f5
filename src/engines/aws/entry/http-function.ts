import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { Context } from 'aws-lambda';
import { messageOf } from '../../../core/errors.ts';
import { callInLog, functionLog, publishMetrics } from './function-log.ts';
import type { HttpEvent } from './http-event.ts';
import type { UnfinishedWork } from './unfinished-work.ts';

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
