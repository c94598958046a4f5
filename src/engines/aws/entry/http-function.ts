import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { Context } from 'aws-lambda';
import { messageOf } from '../../../core/errors.ts';
import { callInLog, functionLog, publishMetrics } from './function-log.ts';
import type { HttpEvent } from './http-event.ts';
import type { UnfinishedWork } from './unfinished-work.ts';

/** What a function answers; with a stream for a body, the status goes out with the stream's first bytes. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
}

type Respond = (event: HttpEvent, context: Context) => Promise<HttpAnswer>;

/** A function behind a route that answers at once. */
export function bufferedFunction(respond: Respond) {
  const answer = async (event: HttpEvent, context: Context) => buffered(await respond(event, context));
  return watched(middy(answer, { requestEnd: publishMetrics }));
}

/**
 * A function behind a streamed route. Nothing goes out before `respond` resolves, so that the status is true; then the
 * function stays until what it left in `unfinished` has ended. Where the platform does not stream (an emulator), the
 * whole body is answered at once, and what is unfinished goes on in the process.
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

/** Whether the platform streams answers: Lambda's own runtime has a global for it, which libraries make without it. */
export function canStream(): boolean {
  const platform: unknown = Reflect.get(globalThis, 'awslambda');
  return typeof platform === 'object' && platform !== null && 'streamifyResponse' in platform;
}

/** Log lines with the request's id, metrics, and an answer without a word of the inside for what was not foreseen. */
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
 * API Gateway sends no WWW-Authenticate of a function: it would arrive under another name, which nobody reads (API Gateway
 * developer guide, "Important notes": https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
 */
function asTheyArrive(headers: HttpAnswer['headers']): HttpAnswer['headers'] {
  const { 'www-authenticate': _renamed, ...others } = headers;
  return others;
}
